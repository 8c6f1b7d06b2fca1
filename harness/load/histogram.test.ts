import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { binCount, binOf, highestOf, percentileOf } from './histogram.js';

const MAX = 62_000_000;

describe('histogram', () => {
  it('gives the percentiles of the reference implementation', () => {
    const value = fc.oneof(fc.nat(3000), fc.nat(MAX));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), (values) => {
        const counts = new Float64Array(binCount(MAX));
        const reference = build({ highestTrackableValue: MAX, numberOfSignificantValueDigits: 3 });
        for (const each of values) {
          const bin = binOf(each);
          counts[bin] = (counts[bin] as number) + 1;
          reference.recordValue(each);
        }
        for (const percent of [50, 100]) {
          expect(percentileOf(counts, percent)).toBe(reference.getValueAtPercentile(percent));
        }
      }),
    );
  });

  it('puts every value into a bin that ends at or above it, by less than a thousandth', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), (value) => {
        const highest = highestOf(binOf(value));
        expect(highest).toBeGreaterThanOrEqual(value);
        expect(highest - value).toBeLessThanOrEqual(value / 1000);
        expect(binOf(highest + 1)).toBe(binOf(value) + 1);
      }),
    );
  });

  it('has no percentile of nothing', () => {
    expect(percentileOf(new Float64Array(10), 99)).toBeNull();
  });
});
