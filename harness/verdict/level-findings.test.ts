import { expect, test } from 'vitest';
import { buildManifest, buildRecording } from './fixtures/recording-builder.js';
import { levelFindings } from './level-findings.js';
import { judgedWindow } from './window.js';

const findings = (fds: (minutes: number) => number) => {
  const recording = buildRecording({ columns: { fds, sockets: (minutes) => fds(minutes) - 20 } });
  const manifest = buildManifest({ plan: { levels: [{ metric: 'fds', value: 100 }] } });
  return levelFindings(manifest, recording, judgedWindow(recording));
};

test('a level that is held without growth is a finding, with what it consists of', () => {
  expect(findings((minutes) => (minutes < 0.1 ? 30 : 600))).toEqual([
    {
      id: 'level-exceeded',
      severity: 'error',
      message: expect.stringMatching(
        /open descriptors stand at 600 under this load, which needs no more than 100: 580 sockets, 10 at the start/,
      ),
    },
  ]);
});

test('a level that is exceeded for a moment, or not at all, is none', () => {
  expect(findings((minutes) => (minutes > 0.5 && minutes < 0.6 ? 600 : 30))).toEqual([]);
  expect(findings(() => 100)).toEqual([]);
});

test('nothing is promised where no level was declared', () => {
  const recording = buildRecording({ columns: { fds: () => 600 } });
  expect(levelFindings(buildManifest(), recording, judgedWindow(recording))).toEqual([]);
});
