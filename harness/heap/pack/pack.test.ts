import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { writeHeapSnapshot } from 'node:v8';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { packFile } from './pack-file.js';
import { stripStrings } from './strip-strings.js';

const folder = mkdtempSync(join(tmpdir(), 'leak-soak-pack-'));
afterAll(() => rmSync(folder, { recursive: true }));

class SessionStore {
  readonly sessions = new Map<string, object>();
  readonly byMail: Record<string, object> = {};
}

describe('a snapshot of this process that is packed', () => {
  const file = join(folder, 'own.heapsnapshot');
  const store = new SessionStore();
  beforeAll(() => {
    // Made while the program runs: what stands in its source is in the snapshot as well.
    const secret = ['correct', 'horse', String(process.pid)].join('-');
    store.sessions.set(secret, { note: `say "${secret}" \\ twice` });
    store.byMail[`${secret}@example.org`] = {};
    writeHeapSnapshot(file);
  }, 60_000);

  const packed = async (name: string, strip: boolean): Promise<string> => {
    const path = join(folder, name);
    const { bytes } = await packFile({ file, packed: path, stripStrings: strip });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(bytes).toBe(statSync(path).size);
    expect(bytes).toBeLessThan(statSync(file).size / 3);
    return gunzipSync(readFileSync(path)).toString('utf8');
  };

  test('is the same when it is unpacked', async () => {
    expect(await packed('whole.gz', false)).toBe(readFileSync(file, 'utf8'));
  }, 60_000);

  test('stripped, holds no content of a string, and every name of the program', async () => {
    const whole = readFileSync(file, 'utf8');
    expect(whole).toContain(`correct-horse-${process.pid}`);
    const stripped = await packed('stripped.gz', true);
    expect(stripped).not.toContain(`horse-${process.pid}`);
    const { strings } = JSON.parse(stripped) as { strings: string[] };
    for (const name of ['SessionStore', 'sessions', 'byMail', 'Map']) expect(strings).toContain(name);
    const [before, after] = [await readSnapshot(file), await readSnapshot(join(folder, 'stripped.gz'))];
    expect(after.strings.length).toBe(before.strings.length);
    expect(after.edgeTargets).toEqual(before.edgeTargets);
  }, 60_000);
});

describe('strings are stripped', () => {
  const strip = (spared: number[], ...chunks: string[]): Promise<string> =>
    text(
      Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(stripStrings(Uint8Array.from(spared))),
    );

  test('wherever the text is cut into chunks', async () => {
    const whole = '{"nodes":[1,2],"strings":["a","b\\"]","","c"]}\n';
    const expected = '{"nodes":[1,2],"strings":["a","(stripped)","","(stripped)"]}\n';
    expect(await strip([1, 0, 1, 0], whole)).toBe(expected);
    for (let cut = 1; cut < whole.length; cut++) {
      expect(await strip([1, 0, 1, 0], whole.slice(0, cut), whole.slice(cut))).toBe(expected);
    }
    expect(await strip([1, 0, 1, 0], ...whole)).toBe(expected);
  });

  test('or nothing is written at all: a text without a list of strings is an error', async () => {
    const file = join(folder, 'odd');
    writeFileSync(file, '{"nodes":[]}');
    await expect(packFile({ file, packed: join(folder, 'odd.gz'), stripStrings: true })).rejects.toThrow(
      /no V8 heap snapshot/,
    );
  });
});
