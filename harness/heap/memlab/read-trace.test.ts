import { expect, test } from 'vitest';
import { readTrace } from './read-trace.js';

test('a trace is read from the keys of what memlab 2.0.5 returns', () => {
  const trace = {
    '$tabsOrder:[\n  {\n    "name": "baseline" } ]\n': '',
    '0: [<anonymous>](synthetic) @1 $retained-size:5958274   $snapshotIdTag:1 ': {},
    '1:   --<symbol owner_symbol> (property)--->  [Server](object) @6215 $retained-size:4864   $snapshotIdTag:1 ':
      {},
    '2:   --operate (variable)--->  [<function scope>](object) @6201 ': {},
    '3:   --14708 (internal)--->  [DnsRecord](object) @166373 $retained-size:192 $memLabTag:leaked ': {},
  };
  expect(readTrace(trace)).toEqual({
    path: ['<anonymous>', '<symbol owner_symbol> Server', 'operate <function scope>', '14708 DnsRecord'],
    retainedBytes: 192,
  });
});
