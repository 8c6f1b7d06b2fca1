import { expect, test } from 'vitest';
import { emptyRecording } from '../core/recording.js';
import { buildManifest, buildRecording } from './fixtures/recording-builder.js';
import { growthSoFar } from './growth-so-far.js';

const { plan } = buildManifest();

test('nothing is said of what was not recorded', () => {
  expect(growthSoFar(emptyRecording(), plan)).toBeNull();
});

test('the growth of what was read stands with its interval, in the order of the budgets', () => {
  expect(growthSoFar(buildRecording(), plan)).toMatch(
    /^live-heap \S+ ± \S+ MiB\/min, fds 0 ± \S+ \/min, rss \S+ ± \S+ MiB\/min$/,
  );
});
