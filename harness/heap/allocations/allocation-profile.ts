import { readFileSync } from 'node:fs';
import { usageError } from '../../core/errors.js';

/** Objects that are still alive, by the place in the program that allocated them. */
export interface AllocationSite {
  /** `function (file:line)`, the innermost first; Node's own frames are left out. */
  readonly stack: readonly string[];
  /** Function names of the whole stack. */
  readonly functions: ReadonlySet<string>;
  /** Estimated from samples. */
  readonly liveBytes: number;
}

/** A node of V8's sampling heap profile (`HeapProfiler.SamplingHeapProfileNode` of the DevTools protocol). */
interface ProfileNode {
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly selfSize: number;
  readonly children: readonly ProfileNode[];
}

const MAX_FRAMES = 8;

/**
 * Reads a `.heapprofile`, what `HeapProfiler.getSamplingProfile` answers or `node --heap-prof` leaves. The most bytes
 * come first. Throws `usage` naming the file when it is not one.
 */
export function readAllocationProfile(path: string): readonly AllocationSite[] {
  const head = parse(path);
  const sites = new Map<string, AllocationSite>();
  const open: { node: ProfileNode; stack: readonly string[]; functions: ReadonlySet<string> }[] = [
    { node: head, stack: [], functions: new Set() },
  ];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { node, functions } = at;
    const { functionName, url } = node.callFrame;
    const named = new Set([...functions, functionName]);
    const stack = isOfNode(url) ? at.stack : [frameText(node.callFrame), ...at.stack];
    if (node.selfSize > 0 && stack.length > 0) {
      const key = stack.join('\n');
      const liveBytes = (sites.get(key)?.liveBytes ?? 0) + node.selfSize;
      sites.set(key, { stack: stack.slice(0, MAX_FRAMES), functions: named, liveBytes });
    }
    for (const child of node.children) open.push({ node: child, stack, functions: named });
  }
  return [...sites.values()].sort((a, b) => b.liveBytes - a.liveBytes);
}

function parse(path: string): ProfileNode {
  try {
    const { head } = JSON.parse(readFileSync(path, 'utf8')) as { head?: ProfileNode };
    if (head?.callFrame !== undefined && Array.isArray(head.children)) return head;
  } catch (error) {
    throw usageError(`--allocations ${path} cannot be read: ${(error as Error).message}`, error);
  }
  throw usageError(`--allocations ${path} is no sampling heap profile: give what node --heap-prof leaves`);
}

/** Node's own files, and what has none: V8's pseudo frames. */
function isOfNode(url: string): boolean {
  return url === '' || url.startsWith('node:');
}

function frameText({ functionName, url, lineNumber }: ProfileNode['callFrame']): string {
  const file = url.replace(/^file:\/\//, '');
  // Lines of the protocol count from 0.
  return `${functionName === '' ? '(anonymous)' : functionName} (${file}:${lineNumber + 1})`;
}
