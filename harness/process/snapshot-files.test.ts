import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endOf, moveForUser, newSnapshot, snapshotFolders, snapshotsIn } from './snapshot-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leak-soak-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Folders of a process with these words and this NODE_OPTIONS, below its own folder of /proc. */
function foldersOf(words: readonly string[], options = ''): readonly string[] {
  const process = join(folder, '7');
  mkdirSync(process);
  writeFileSync(join(process, 'cmdline'), `${['node', ...words].join('\0')}\0`);
  writeFileSync(join(process, 'environ'), `HOME=/root\0NODE_OPTIONS=${options}\0A=b\0`);
  return snapshotFolders(7, folder).map((path) => path.replace(`${process}/`, ''));
}

describe('snapshots are looked for', () => {
  test.each<[string[], string, string[]]>([
    [['x.js'], '', ['cwd']],
    [['--diagnostic-dir=/var/dumps', 'x.js'], '', ['root/var/dumps', 'cwd']],
    [['--diagnostic-dir', 'dumps', 'x.js'], '', ['cwd/dumps', 'cwd']],
    [['x.js'], '--trace-warnings --diagnostic_dir=/d', ['root/d', 'cwd']],
    [['x.js'], '--diagnostic-dir="/two words/\\"d\\""', ['root/two words/"d"', 'cwd']],
    [['--diagnostic-dir=/line', 'x.js'], '--diagnostic-dir=/environment', ['root/line', 'cwd']],
  ])('of node %j with NODE_OPTIONS %j in %j', (words, options, folders) => {
    expect(foldersOf(words, options)).toEqual(folders);
  });

  test('nowhere but in the working directory of a process whose command line may not be read', () => {
    expect(snapshotFolders(7, folder)).toEqual([join(folder, '7', 'cwd')]);
  });
});

describe('a new snapshot', () => {
  test('is one that was not there before, or one that is written over; other files are none', () => {
    writeFileSync(join(folder, 'old.heapsnapshot'), '');
    const before = snapshotsIn([folder, join(folder, 'missing')]);
    writeFileSync(join(folder, 'new.txt'), '');
    expect(newSnapshot(before, snapshotsIn([folder]))).toBeNull();
    const made = join(folder, 'Heap.1.heapsnapshot');
    writeFileSync(made, '');
    expect(newSnapshot(before, snapshotsIn([folder]))).toBe(made);
    expect(newSnapshot(new Map([[made, 1]]), snapshotsIn([folder]))).toBe(made);
  });

  test.each([
    ['{"snapshot":{},"strings":["a"]}', true],
    ['{"strings":["a"]}\n', true],
    ['{"strings":["a"]', false],
    ['{"strings":["]}', true],
    ['', false],
  ])('that reads %j may be complete: %s', (text, closed) => {
    const file = join(folder, 'x');
    writeFileSync(file, text);
    expect(endOf(file)).toEqual({ bytes: text.length, closed });
  });

  test('that has gone has no end', () => expect(endOf(join(folder, 'gone'))).toBeNull());

  const elsewhere = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  test.each([tmpdir(), elsewhere])('is moved from %s, and is for this user alone', (parent) => {
    const source = mkdtempSync(join(parent, 'leak-soak-test-'));
    try {
      const [from, to] = [join(source, 'a'), join(folder, 'b')];
      writeFileSync(from, 'text', { mode: 0o644 });
      moveForUser(from, to);
      expect(readFileSync(to, 'utf8')).toBe('text');
      expect(statSync(to).mode & 0o777).toBe(0o600);
      expect(existsSync(from)).toBe(false);
    } finally {
      rmSync(source, { recursive: true });
    }
  });
});
