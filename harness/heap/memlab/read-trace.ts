import type { MemlabTrace } from '../../core/culprit.js';

/** A step of memlab's as it prints it: `2:   --cache (property)--->  [DnsCache](object) @5 $retained-size:88`. */
const STEP = /^\d+: +(?:--(.*) \((\w+)\)---> +)?\[(.*)\]\(([^()]*)\) @\d+(?: \$retained-size:(\d+))?/;

/** Reads a trace from the keys of the object that memlab returns for it; keys that are no steps are left out. */
export function readTrace(serialized: Readonly<Record<string, unknown>>): MemlabTrace {
  const steps = Object.keys(serialized).flatMap((key) => {
    const match = STEP.exec(key);
    if (match === null) return [];
    const [, edgeName, , className = '', , bytes] = match;
    return [{ text: edgeName === undefined ? className : `${edgeName} ${className}`, bytes }];
  });
  const bytes = steps.at(-1)?.bytes;
  return { path: steps.map(({ text }) => text), retainedBytes: bytes === undefined ? null : Number(bytes) };
}
