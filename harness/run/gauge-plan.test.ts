import { expect, test } from 'vitest';
import { planGauges } from './gauge-plan.js';

const needs = { asked: [], sampleEveryMs: 1000, usableMs: 60_000 };
const gaugesUrl = 'http://127.0.0.1:9090/metrics';

test('nothing is read unless it is asked for', () => {
  expect(planGauges({}, needs)).toBeNull();
});

test('figures are read every 10 s, or at the sample interval when that is longer', () => {
  expect(planGauges({ gaugesUrl }, needs)).toEqual({
    url: gaugesUrl,
    pprof: null,
    only: [],
    everyMs: 10_000,
  });
  expect(planGauges({ gaugesUrl }, { ...needs, sampleEveryMs: 30_000 })?.everyMs).toBe(30_000);
});

test('a budget on a gauge makes a short run read it often enough to judge it', () => {
  const asked = [['--max-growth', 'gauge.jobs']] as const;
  expect(planGauges({ gaugesUrl }, { ...needs, asked })?.everyMs).toBe(2_500);
  expect(planGauges({ gaugesUrl }, { ...needs, asked, usableMs: 3_600_000 })?.everyMs).toBe(10_000);
});

test('the prefix of stored gauges is understood where names are picked', () => {
  expect(planGauges({ gaugesUrl, gauges: ['gauge.a', 'b'] }, needs)?.only).toEqual(['a', 'b']);
});

test.each([
  [{ gaugesUrl: 'http://192.0.2.1/metrics' }, /--gauges .* is not on this machine/],
  [{ pprofUrl: 'http://example.com:6060' }, /--pprof .* is not on this machine/],
  [{ gaugesUrl: '127.0.0.1:9090' }, /is not a URL of the form/],
  [{ gauges: ['a'] }, /--gauge a picks from what --gauges URL reads/],
])('%j is refused', (options, message) => {
  expect(() => planGauges(options, needs)).toThrow(message);
});

test('a limit on a gauge that nobody reads is refused', () => {
  const asked = [['--max', 'gauge.jobs']] as const;
  expect(() => planGauges({}, { ...needs, asked })).toThrow(
    /--max gauge.jobs .* add --gauges URL or --pprof/,
  );
});
