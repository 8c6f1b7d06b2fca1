import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { baselineOf, knownLeak } from '../../verdict/known-leaks/fixtures/known-leaks.js';
import { temporaryFolder } from '../fixtures/cli.js';
import { writeBaseline } from './baseline-file.js';
import { baselineUse, describeBaseline } from './baseline-flags.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const at = (name: string): string => join(folder.path, name);
const baseline = baselineOf(knownLeak(), knownLeak({ scenario: 'http', command: 'npm start' }));
const there = at('leaks.json');
writeBaseline(there, baseline);

describe('the flags of a baseline', () => {
  test('come to nothing without one', () => {
    expect(baselineUse({})).toBeNull();
  });

  test('read a file that is there, also to update it', () => {
    expect(baselineUse({ baseline: there })).toMatchObject({ baseline, isUpdated: false });
    expect(baselineUse({ baseline: there, updateBaseline: true })).toMatchObject({
      baseline,
      isUpdated: true,
    });
  });

  test('make a missing file only where it is to be written', () => {
    expect(() => baselineUse({ baseline: at('none.json') })).toThrow(
      `--baseline ${at('none.json')} does not exist: check the path, or make it from a run with --update-baseline`,
    );
    const use = baselineUse({ baseline: at('none.json'), updateBaseline: true });
    expect(use?.baseline.knownLeaks).toEqual([]);
    expect(existsSync(at('none.json'))).toBe(false);
  });

  test('refuse a corrupt file even where it is to be written, and leave it as it is', () => {
    writeFileSync(at('corrupt.json'), '{');
    expect(() => baselineUse({ baseline: at('corrupt.json'), updateBaseline: true })).toThrow(/is not JSON/);
    expect(readFileSync(at('corrupt.json'), 'utf8')).toBe('{');
  });

  test.each([
    [{ baseline: folder.path }, /^--baseline .* cannot be read: EISDIR.*; name a file that can/],
    [{ baseline: '' }, /--baseline "" names no file/],
    [{ updateBaseline: true }, /--update-baseline needs the file that it writes: add --baseline FILE/],
    [{ baseline: there, baselineReason: 'x' }, /--baseline-reason goes with --update-baseline/],
    [{ baseline: there, updateBaseline: true, baselineReason: ' ' }, /--baseline-reason "" says nothing/],
    [{ baseline: there, updateBaseline: true, baselineReason: 'a\nb' }, /write it in one/],
    [{ baseline: there, updateBaseline: true, failFast: true }, /--fail-fast does not go with/],
    [{ baseline: there, updateBaseline: true, heapSnapshots: 'off' }, /--heap-snapshots off does not go/],
    [
      { baseline: at('no/such/leaks.json'), updateBaseline: true },
      /could not be written: ENOENT.*make the folder .*no\/such/,
    ],
  ])('%j: refused with the next move', (flags, message) => {
    expect(() => baselineUse(flags)).toThrow(message);
  });
});

describe('before a run it is said', () => {
  const use = { path: 'leaks.json', baseline, isUpdated: false, reason: null };

  test('which leaks are known', () => {
    expect(describeBaseline(use, { scenario: 'udp-flood', command: null })).toBe(
      '--baseline leaks.json: known to leak here: live-heap',
    );
  });

  test('that a command spelled otherwise is another target', () => {
    expect(describeBaseline(use, { scenario: 'http', command: 'npm run start' })).toBe(
      '--baseline leaks.json: no known leak of this scenario and target; it has scenario http with npm start',
    );
  });
});

describe('a baseline that is written', () => {
  test('replaces the file a link leads to, and leaves nothing beside it', () => {
    mkdirSync(at('links'));
    writeBaseline(at('links/real.json'), baselineOf());
    symlinkSync('real.json', at('links/link.json'));
    writeBaseline(at('links/link.json'), baseline);
    expect(JSON.parse(readFileSync(at('links/real.json'), 'utf8'))).toEqual(baseline);
    expect(readdirSync(at('links')).sort()).toEqual(['link.json', 'real.json']);
  });

  test('is an error with the next move where it cannot be', () => {
    mkdirSync(at('folder.json'));
    expect(() => writeBaseline(at('folder.json'), baseline)).toThrow(
      /folder\.json cannot be written: .*name another/,
    );
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.new'))).toEqual([]);
  });
});
