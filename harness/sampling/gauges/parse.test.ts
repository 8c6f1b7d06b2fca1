import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseJsonGauges } from './json-gauges.js';
import { parseGoroutines, parseHeapInuse } from './pprof.js';
import { parsePrometheus } from './prometheus.js';

function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
}

describe('Prometheus text', () => {
  test('is read sample by sample, without buckets and what is not finite', () => {
    expect(Object.fromEntries(parsePrometheus(fixture('metrics.txt')) ?? [])).toEqual({
      process_open_fds: 24,
      nodejs_heap_size_used_bytes: 9830400,
      'jobs_waiting{queue="mail"}': 7,
      'jobs_waiting{queue="say \\"hi\\", {all}", host="a b"}': 3,
      jobs_waiting: 0,
      clock_offset_seconds: -0.25,
      http_request_duration_seconds_sum: 53423,
      http_request_duration_seconds_count: 144320,
      'go_info{version="go1.22"}': 1,
    });
  });

  test.each([
    ['a page', '<!doctype html>\n<title>not found</title>'],
    ['nothing', ''],
    ['comments alone', '# HELP a b\n# TYPE a gauge\n'],
  ])('%s is none', (_, text) => {
    expect(parsePrometheus(text)).toBeNull();
  });

  test('lines ended by CR LF are samples as well', () => {
    expect(parsePrometheus('a 1\r\nb 2\r\n')).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
  });
});

describe('JSON', () => {
  test('gives its numbers at any depth, elements of lists by their names', () => {
    const health = {
      status: 'ok',
      uptimeSec: 12.5,
      ready: true,
      cache: { entries: 7, limit: null },
      structures: [{ name: 'names', entries: 3 }, { entries: 4 }],
      loads: [0.5, 0.25],
    };
    expect(Object.fromEntries(parseJsonGauges(JSON.stringify(health)) ?? [])).toEqual({
      uptimeSec: 12.5,
      'cache.entries': 7,
      'structures.names.entries': 3,
      'structures.1.entries': 4,
      'loads.0': 0.5,
      'loads.1': 0.25,
    });
  });

  test('that nests for ever ends', () => {
    const text = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    expect(parseJsonGauges(text)).toEqual(new Map());
  });

  test.each(['{"a": 1', '"text"', '7', 'null'])('%s is no report', (text) => {
    expect(parseJsonGauges(text)).toBeNull();
  });
});

describe("profiles of Go's net/http/pprof", () => {
  test('tell goroutines by their first line and heap in use by their last ones', () => {
    expect(parseGoroutines(fixture('goroutine-debug-1.txt'))).toBe(12);
    expect(parseHeapInuse(fixture('heap-debug-1.txt'))).toBe(7880704);
  });

  test('are not mistaken for each other', () => {
    expect(parseGoroutines(fixture('heap-debug-1.txt'))).toBeNull();
    expect(parseHeapInuse(fixture('goroutine-debug-1.txt'))).toBeNull();
  });
});
