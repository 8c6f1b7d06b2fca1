import { createHash } from 'node:crypto';
import type { RetainerStep } from '../../core/culprit.js';
import { EACH } from './labels.js';
import type { Overlay } from './overlay.js';
import { isVisible, ROOT_SET } from './owner.js';

/** Most steps that a fingerprint is made of, counted from the structure. */
const FINGERPRINT_STEPS = 6;
/** What holds variables: functions, generators (a module that awaits at its top is one), modules, the global object. */
const SCOPE_CLASS = /(\(\)|^Generator|^ModuleWrap|^Module|^global)$/;
const FINGERPRINT_DIGITS = 12;

/**
 * The way from the root to a place as a program would tell it: tables, contexts and V8's other inner parts are left
 * out. A name that stood on a left-out part of a closure's variables or of a table is that of the step behind it.
 */
export function retainerPath(overlay: Overlay, place: number): readonly RetainerStep[] {
  const steps: RetainerStep[] = [];
  for (let at = place; at !== 0; at = overlay.parent(at)) {
    if (!isVisible(overlay, at) && at !== place) continue;
    const className = overlay.className(at);
    if (ROOT_SET.test(className) && at !== place) continue;
    steps.unshift({ name: plainName(overlay.edgeName(at)), className });
  }
  return steps;
}

/** `<symbol kHandle>` is written `[kHandle]`, as in a program. */
export function plainName(edgeName: string): string {
  return edgeName.replace(/^<symbol (.*)>$/, '[$1]');
}

/** What a structure is called: the last name on the way to it, with `[]` for each entry of what has that name. */
export function nameOf(path: readonly RetainerStep[]): string {
  const named = path.findLastIndex(({ name }) => name !== EACH);
  if (named < 0) return path.at(-1)?.className ?? '';
  return `${path[named]?.name}${EACH.repeat(path.length - 1 - named)}`;
}

/**
 * Names a leak by the names the program gave to its data, from the last function or module on the way to the
 * structure, and by what piles up: no ids, counts or sizes, and nothing of the way through Node, which differs from
 * one version to the next.
 */
export function fingerprintOf(path: readonly RetainerStep[], contentClass: string | null): string {
  const start =
    path.findLastIndex((step, i) => SCOPE_CLASS.test(step.className) || isAsyncStore(step, path[i - 1])) + 1;
  // A structure that is itself a function keeps its own name.
  const steps = path.slice(Math.min(start, path.length - 1)).slice(-FINGERPRINT_STEPS);
  const text = [...steps.map(({ name, className }) => `${name} ${className}`), contentClass ?? ''].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, FINGERPRINT_DIGITS);
}

/** An AsyncLocalStorage's store: by which of the current resources it is reached is chance (Node 24 has frames). */
function isAsyncStore({ name }: RetainerStep, before: RetainerStep | undefined): boolean {
  return name === '[kResourceStore]' || before?.className === 'AsyncContextFrame';
}
