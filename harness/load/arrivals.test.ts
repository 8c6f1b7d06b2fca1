import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantRate, parseRateFlow, shareOf } from './arrivals.js';

describe('arrivals', () => {
  it('come at a constant rate', () => {
    expect(constantRate(200).dueBy(1000)).toBe(200);
    expect(constantRate(200).timeOf(3)).toBe(15);
  });

  it('follow a flow piece by piece, and begin again at its end', () => {
    const flow = parseRateFlow('10s:100,5s:20');
    expect([10_000, 12_500, 15_000, 16_000].map(flow.dueBy)).toEqual([1000, 1050, 1100, 1200]);
    expect([1000, 1050, 1100, 1200].map(flow.timeOf)).toEqual([10_000, 12_500, 15_000, 16_000]);
    expect(flow.peakPerSec).toBe(100);
  });

  it('ramp in a straight line and stay where a last rate without a duration says', () => {
    const flow = parseRateFlow('10s:0-100, 100');
    expect([5000, 10_000, 3_610_000].map((ms) => Math.round(flow.dueBy(ms)))).toEqual([125, 500, 360_500]);
    expect(flow.timeOf(125)).toBeCloseTo(5000, 6);
    expect(flow.timeOf(360_500)).toBeCloseTo(3_610_000, 6);
  });

  it('pause where the rate is 0: a burst of 50 ms a second', () => {
    const flow = parseRateFlow('50ms:1000,950ms:0');
    expect([50, 500, 1000, 1050].map(flow.dueBy)).toEqual([50, 50, 50, 100]);
    expect([50, 51].map(flow.timeOf)).toEqual([50, 1001]);
  });

  it('are shared out evenly', () => {
    const half = shareOf(constantRate(100), 2);
    expect([half.dueBy(1000), half.timeOf(50), half.peakPerSec]).toEqual([50, 1000, 50]);
  });

  it.each([
    ['', /"" is no piece/],
    ['5000,10s:1', /"5000" is no piece/],
    ['10s', /"10s" is no piece/],
    ['10s:-5', /"10s:-5" is no piece/],
    ['10s:0', /no rate above 0/],
    ['10x:5', /--rate-flow "10x" is not a duration/],
    ['10s:5,0-9', /"0-9" is no piece/],
  ])('refuse "%s"', (text, message) => {
    expect(() => parseRateFlow(text)).toThrow(message);
  });

  it('are due exactly when their time has come, whatever the flow', () => {
    const piece = fc
      .tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(3000), fc.nat(3000))
      .map(([ms, from, to]) => `${ms}ms:${from}-${to}`);
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 1e6 }),
        (pieces, k) => {
          const flow = parseRateFlow([...pieces, '1s:10'].join(','));
          const at = flow.timeOf(k);
          expect(flow.dueBy(at)).toBeCloseTo(k, 3);
          expect(flow.timeOf(k + 1)).toBeGreaterThan(at);
        },
      ),
    );
  });
});
