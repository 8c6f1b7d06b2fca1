import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.js';
import { buildManifest, buildRecording, MIB } from '../verdict/fixtures/recording-builder.js';
import { foresee } from './foresight.js';

const { plan } = buildManifest();

/** A warm-up whose live heap jitters by so much. */
function warmUp(jitterBytes: number, seconds = 40) {
  const next = seededRandom(1);
  return buildRecording({
    seconds,
    steadyFromSec: seconds,
    columns: { live_heap_bytes: () => 30 * MIB + jitterBytes * (next() / 2 ** 32 - 0.5) },
  });
}

test('a quiet warm-up foretells a fine resolution and asks for nothing', () => {
  expect(foresee(warmUp(1e4), plan)).toMatch(
    /^from the noise .* live-heap growth of [\d.]+ KiB\/min above its budget of 1 MiB\/min$/,
  );
});

test('a noisy warm-up suggests a duration', () => {
  expect(foresee(warmUp(4e6), plan)).toMatch(/too coarse for that budget, take --duration \d+min/);
});

test('a warm-up of a few samples foretells nothing, and says so', () => {
  expect(foresee(warmUp(1e4, 10), plan)).toMatch(
    /^what this run can tell will be known at its end: .* 20 are needed/,
  );
});
