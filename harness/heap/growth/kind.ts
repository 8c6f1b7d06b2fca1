import type { StructureKind } from '../../core/culprit.js';
import { ROOT_SET } from './owner.js';

/** What decides the kind of a structure. */
export interface StructureTraits {
  readonly className: string;
  /** Names on the way to it, the last one first. */
  readonly names: readonly string[];
  /** Class of what piles up most; null for one text or buffer that gets longer. */
  readonly contentClass: string | null;
  /** Whether the content hangs one on the other. */
  readonly chained: boolean;
  /** Part of the growth that lies outside the V8 heap. */
  readonly offHeapShare: number;
  readonly artefact: boolean;
}

const TIMERS = /^(TimersList|Timeout|Immediate|ImmediateList)$/;
const WEAK = /^(WeakRef|FinalizationRegistry|WeakCell|system \/ WeakCell)$/;
const EVENTS = /^(_events|<symbol kEvents>|\[kEvents\])$/;
const LISTENER = /(\(\)|Listener)$/;
const MAPS = /Map$/;
const SETS = /Set$/;

/** Most of it. */
const MOST = 0.5;

export function kindOf(traits: StructureTraits): StructureKind {
  const { className, contentClass, names } = traits;
  const classes = [className, contentClass ?? ''];
  if (traits.artefact) return 'v8';
  if (ROOT_SET.test(className)) return 'handles';
  if (classes.some((name) => TIMERS.test(name))) return 'timers';
  if (classes.some((name) => WEAK.test(name))) return 'weak-refs';
  if (names.slice(0, 3).some((name) => EVENTS.test(name)) && LISTENER.test(contentClass ?? ''))
    return 'listeners';
  if (className === 'Promise') return 'promise';
  if (traits.offHeapShare > MOST) return 'buffers';
  if (traits.chained) return className === 'string' ? 'string' : 'linked';
  if (className === 'string') return 'string';
  if (MAPS.test(className)) return 'map';
  if (SETS.test(className)) return 'set';
  if (className === 'Array') return 'array';
  return className === 'Object' ? 'dictionary' : 'object';
}

const ADVICE: Readonly<Record<StructureKind, string>> = {
  map: 'bound it or give its entries an expiry, and delete each key when its work is done',
  set: 'bound it or rotate it (two sets, the older one dropped), and delete what is not needed any more',
  array: 'take entries out when they are done with, or keep only the last ones (a ring)',
  dictionary: 'delete each key when its work is done, or use a Map with a bound',
  listeners:
    'remove each listener when its work is done (off, once, or an AbortSignal), one per emitter where it can be',
  timers: 'clear each timer when its request ends: clearTimeout and clearInterval in a finally',
  promise:
    'a promise that never settles keeps all that wait for it: give the wait a timeout, or race it outside',
  linked:
    'objects hang one on the other (a list or a tree): cut the chain where nobody looks back, or bound it',
  string: 'a text that is only appended to: write it out and start a new one',
  buffers:
    'memory outside the heap is kept: copy a small slice (Buffer.from) rather than keep the view of a large buffer, and release chunks once written',
  'weak-refs':
    'the weak reference goes, its entry does not: remove the entry in a FinalizationRegistry, or use a WeakMap',
  handles:
    'Node itself holds them: close each socket, server, watcher, port or child process when its work is done',
  object: 'look at what adds to it, and who should take it out again',
  v8: 'bookkeeping of V8 or Node; functions made again and again (eval, new Function, vm) let it grow',
};

export function adviceFor(kind: StructureKind): string {
  return ADVICE[kind];
}
