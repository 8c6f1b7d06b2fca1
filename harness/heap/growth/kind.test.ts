import { expect, test } from 'vitest';
import { adviceFor, kindOf, type StructureTraits } from './kind.js';

const plain: StructureTraits = {
  className: 'Object',
  names: ['sessions'],
  contentClass: 'Session',
  chained: false,
  offHeapShare: 0,
  artefact: false,
};

test.each<[string, Partial<StructureTraits>]>([
  ['dictionary', {}],
  ['object', { className: 'Registry' }],
  ['map', { className: 'Map' }],
  ['map', { className: 'SafeMap' }],
  ['set', { className: 'Set' }],
  ['array', { className: 'Array' }],
  ['listeners', { className: 'Array', names: ['change', '_events', 'bus'], contentClass: 'onChange()' }],
  ['listeners', { names: ['[]', 'abort', '[kEvents]'], contentClass: 'Listener', chained: true }],
  ['timers', { className: 'TimersList', contentClass: 'Timeout', chained: true }],
  ['promise', { className: 'Promise', contentClass: 'system / PromiseReaction', chained: true }],
  ['linked', { chained: true }],
  ['string', { className: 'string', contentClass: 'string', chained: true }],
  ['string', { className: 'string', contentClass: null }],
  ['buffers', { className: 'Array', contentClass: 'Buffer', offHeapShare: 0.9 }],
  ['weak-refs', { className: 'Map', contentClass: 'WeakRef' }],
  ['handles', { className: '(Global handles)', contentClass: 'TCP' }],
  ['v8', { className: 'Map', artefact: true }],
])('%s: %j', (kind, traits) => {
  expect(kindOf({ ...plain, ...traits })).toBe(kind);
  expect(adviceFor(kindOf({ ...plain, ...traits })).length).toBeGreaterThan(20);
});
