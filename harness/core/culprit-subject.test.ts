import { expect, test } from 'vitest';
import type { StructureKind } from './culprit.js';
import { subjectOf } from './culprit-subject.js';

test.each<[StructureKind, string, string, string[], string]>([
  ['map', 'entries', 'Map', ['DnsRecord'], 'entries (Map)'],
  ['object', 'Timeout', 'Timeout', [], 'Timeout'],
  ['handles', '(Global handles)', '(Global handles)', ['TCP', 'UDP'], 'TCP in (Global handles)'],
  ['handles', '(Global handles)', '(Global handles)', [], '(Global handles)'],
])(
  'a culprit of kind %s with name %s, class %s and contents %j is called %s',
  (kind, name, className, classes, called) => {
    const contents = classes.map((one) => ({ className: one, counts: [1, 2, 3] }));
    expect(subjectOf({ kind, name, className, contents })).toBe(called);
  },
);
