import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floodPlan } from '../fixtures/flood-plan.js';
import type { QuestionPlan } from '../plan.js';
import { encodeQuestion } from './dns-wire.js';
import { openQuestionSource } from './open-question-source.js';
import { everyNth, MAX_QUESTION_BYTES, type QuestionSource } from './question-source.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'questions-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function sourceOf(questions: QuestionPlan): QuestionSource {
  return openQuestionSource(floodPlan({ questions }));
}

function fileWith(text: string): string {
  const path = join(directory, 'questions.txt');
  writeFileSync(path, text);
  return path;
}

function written(source: QuestionSource, sequence: number): Buffer {
  const into = Buffer.alloc(MAX_QUESTION_BYTES + 5);
  return into.subarray(5, 5 + source.write(sequence, into, 5));
}

describe('questions from a file', () => {
  it('are asked in turn and over again, with the types of a dnsperf data file', () => {
    const path = fileWith('# names\nWWW.Example.test. AAAA\n\n; more\nmx.test\tMX\nodd.test TYPE65534\n');
    const source = sourceOf({ kind: 'queries', path });
    const asked = [0, 1, 2, 3].map((i) => [source.nameOf(i), source.typeOf(i)]);
    expect(asked).toEqual([
      ['www.example.test', 28],
      ['mx.test', 15],
      ['odd.test', 65534],
      ['www.example.test', 28],
    ]);
    expect(written(source, 4).equals(encodeQuestion(0, 'mx.test', 15))).toBe(true);
  });

  it('are A-questions when the file holds names alone', () => {
    const source = sourceOf({ kind: 'names', path: fileWith('a.test\nb.test\r\n') });
    expect([source.nameOf(1), source.typeOf(1)]).toEqual(['b.test', 1]);
    expect(written(source, 1).equals(encodeQuestion(0, 'b.test', 1))).toBe(true);
  });

  it.each<[string, 'names' | 'queries', RegExp]>([
    ['ok.test A\na..b A', 'queries', /questions\.txt:2: "a\.\.b A" is not "name type"/],
    ['a.test BOGUS', 'queries', /:1: "a\.test BOGUS"/],
    [`${'x'.repeat(64)}.test A`, 'queries', /:1: /],
    ['a.test A', 'names', /is not one name/],
    ['# nothing', 'names', /has no question in it/],
  ])('are refused when they read "%s"', (text, kind, message) => {
    expect(() => sourceOf({ kind, path: fileWith(text) })).toThrow(message);
  });

  it('are refused when there is no such file', () => {
    expect(() => sourceOf({ kind: 'names', path: join(directory, 'none') })).toThrow(
      /cannot be read: ENOENT/,
    );
  });
});

describe('questions by Zipf', () => {
  it('come as often as the law says', () => {
    const count = 50;
    const source = sourceOf({ kind: 'zipf', count, exponent: 1 });
    const ranks = new Map(
      Array.from({ length: count }, (_, k) => [sourceOf({ kind: 'unique' }).nameOf(k), k] as const),
    );
    const asked = new Array<number>(count).fill(0);
    const total = 200_000;
    for (let i = 0; i < total; i++) {
      const rank = ranks.get(source.nameOf(i)) ?? -1;
      asked[rank] = (asked[rank] ?? 0) + 1;
    }
    const harmonic = asked.reduce((sum, _, k) => sum + 1 / (k + 1), 0);
    asked.forEach((times, k) => {
      const due = total / (k + 1) / harmonic;
      // Five standard deviations of a count.
      expect(Math.abs(times - due)).toBeLessThan(5 * Math.sqrt(due));
    });
  });

  it('are the same each time they are looked at', () => {
    const source = sourceOf({ kind: 'zipf', count: 1000, exponent: 0.8 });
    for (const i of [0, 1, 2 ** 33]) {
      expect(written(source, i).equals(encodeQuestion(0, source.nameOf(i), 1))).toBe(true);
    }
  });
});

it('every nth question of a source is asked by one of n drivers', () => {
  const source = sourceOf({ kind: 'unique' });
  const shares = [0, 1, 2].map((first) => everyNth(source, 3, first));
  const asked = [0, 1].flatMap((i) => shares.map((share) => share.nameOf(i)));
  expect(asked).toEqual([0, 1, 2, 3, 4, 5].map((i) => source.nameOf(i)));
});
