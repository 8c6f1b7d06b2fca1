import { expect, it } from 'vitest';
import { createLog, LOG_INTERVAL_MS } from './log.js';

it('writes one line per topic and interval, and says how many it left out', () => {
  const lines: string[] = [];
  let now = 0;
  const log = createLog(
    (line) => lines.push(line),
    () => now,
  );
  for (let count = 0; count < 1000; count += 1) log.warn('questions-full', 'too many');
  log.warn('query', 'other topic');
  now = LOG_INTERVAL_MS;
  log.warn('questions-full', 'too many');
  expect(lines).toEqual([
    'leak-soak-target: too many\n',
    'leak-soak-target: other topic\n',
    'leak-soak-target: too many (999 more like it)\n',
  ]);
});
