import { describe, expect, test } from 'vitest';
import type { ForeignRecording } from '../../harness/core/foreign-recording.js';
import { type ColumnMap, parseMetricColumn, parseTimeColumn } from './column-map.js';
import { readMapped } from './mapped.js';

const MIB = 2 ** 20;

function mapOf(time: string, metrics: readonly string[], load?: string, pid?: string): ColumnMap {
  return {
    time: parseTimeColumn(time),
    metrics: metrics.map(parseMetricColumn),
    load: load ?? null,
    pid: pid ?? null,
  };
}

const RSS = mapOf('t', ['rss=v:MiB']);

function messages(recording: ForeignRecording): string[] {
  return recording.notes.map(({ message }) => message);
}

describe('a mapped table', () => {
  test('is read with its comments, load and pid', () => {
    const text = '# {"family":"noise"}\nt,value,load,pid\n0.000,60.5,1.0000,1000\n1.040,60.75,0.0000,1000\n';
    const recording = readMapped(text, mapOf('t:s', ['rss=value:MiB'], 'load', 'pid'));
    expect(recording).toEqual({
      series: [
        {
          metric: 'rss',
          resolution: 0.01 * MIB,
          elapsedMs: [0, 1040],
          values: [60.5 * MIB, 60.75 * MIB],
          load: [1, 0],
        },
      ],
      pid: 1000,
      spanMs: [0, 1040],
      notes: [],
    });
  });

  test.each([
    ['t:ms', '0', '1500', 1500],
    ['t:s', '10', '11.5', 1500],
    ['t:min', '0', '2', 120_000],
    ['t:h', '0', '1', 3_600_000],
    ['t:iso', '2026-01-01T00:00:00Z', '2026-01-01T01:00:01+01:00', 1000],
    ['t:iso', '2026-03-29 01:59:59', '2026-03-29 02:00:00.5', 1500],
  ])('time in %s', (time, first, second, elapsedMs) => {
    const { series } = readMapped(`t,v\n${first},1\n${second},1\n`, mapOf(time, ['fds=v']));
    expect(series[0]?.elapsedMs).toEqual([0, elapsedMs]);
  });

  test.each([
    ['rss=v', 1],
    ['rss=v:kB', 1000],
    ['rss=v:KB', 1000],
    ['rss=v:MB', 1e6],
    ['rss=v:GB', 1e9],
    ['rss=v:KiB', 1024],
    ['rss=v:GiB', 2 ** 30],
    ['fds=v:count', 1],
  ])('a metric by %s', (metric, scale) => {
    expect(readMapped('t,v\n0,3\n', mapOf('t', [metric])).series[0]?.values).toEqual([3 * scale]);
  });

  test('may have quotes, semicolons, tabs, CRLF and a byte order mark', () => {
    const quoted = '\uFEFF# "x"\r\n"t","mem, used"\r\n"0","1"\r\n"1","2"\r\n';
    expect(readMapped(quoted, mapOf('t', ['rss=mem, used:MiB'])).series[0]?.values).toEqual([MIB, 2 * MIB]);
    expect(readMapped('t;v\r\n0;1\r\n1;2', RSS).series[0]?.values).toEqual([MIB, 2 * MIB]);
    expect(readMapped('t\tv\n0\t1\n', RSS).series[0]?.values).toEqual([MIB]);
  });

  test('a column may hold a colon when its unit is given', () => {
    expect(readMapped('t,a:b\n0,1\n', mapOf('t', ['rss=a:b:MiB'])).series[0]?.values).toEqual([MIB]);
  });

  test('cells without a reading are left out and counted', () => {
    const text = 't,v\n0,1\n1,\n2,NaN\n3,Infinity\n4,-5\n5,2\n,3\n5,9\n6\n';
    const recording = readMapped(text, RSS);
    expect(recording.series[0]).toMatchObject({ elapsedMs: [0, 5000], values: [MIB, 2 * MIB] });
    expect(messages(recording)).toEqual([
      'rows left out: 1 without a time, 1 that repeat a time, 1 with more or fewer cells than the header',
      'rss: left out of 6 cells of "v": 3 empty or not a finite number, 1 below zero',
    ]);
  });

  test('a clock that was set back leaves the longest stretch, which cannot stand for the whole', () => {
    const times = [0, 1, 2, 3, 4, 3.5, 4.5, 5.5];
    const { series, notes } = readMapped(`t,v\n${times.map((t) => `${t},1\n`).join('')}`, RSS);
    expect(series[0]?.elapsedMs).toEqual([0, 1000, 2000, 3000, 4000]);
    expect(notes[0]).toEqual({ concerns: 'coverage', message: 'time goes back by 0.5 s at line 7' });
  });

  test('a process that restarts all the time says so a few times', () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i},1,${i}\n`).join('');
    const said = messages(readMapped(`t,v,pid\n${rows}`, mapOf('t', ['rss=v'], undefined, 'pid')));
    expect(said).toHaveLength(5);
    expect(said[3]).toBe('the process was restarted 16 times more');
  });

  test('of which most rows are of other lives of the process may not stand for the whole', () => {
    const concerns = (lives: readonly number[]): string | undefined => {
      const pids = lives.flatMap((rows, pid) => Array.from({ length: rows }, () => pid));
      const text = `t,v,pid\n${pids.map((pid, i) => `${i},1,${pid}\n`).join('')}`;
      return readMapped(text, mapOf('t', ['rss=v'], undefined, 'pid')).notes.at(-1)?.concerns;
    };
    expect(concerns([5, 6])).toBe('note');
    expect(concerns([5, 6, 5])).toBe('coverage');
  });
});

describe('a mapped table is refused', () => {
  test.each([
    ['t,v\n0,1\n', mapOf('time', ['rss=v']), /--time: there is no column "time"; the columns are "t", "v"/],
    ['t,v\n0,1\n', mapOf('t', ['rss=w']), /--map: there is no column "w"/],
    ['t,v\n0,1\n', mapOf('t', ['rss=v'], 'q'), /--load: there is no column "q"/],
    ['t,v,v\n0,1,1\n', RSS, /"v" stands there twice/],
    ['t,v\n0,1\nt,v\n0,1\n', RSS, /line 3: the header is repeated: two runs/],
    ['t,v\n0,1\n9,1\n0,1\n', RSS, /line 4: time goes back by 9 s: two runs/],
    [
      't,v\n2026-01-01 10:00:00,1\n',
      RSS,
      /line 2: .*holds "2026-01-01 10:00:00", not a number: write --time t:iso/,
    ],
    ['t,v\n5,1\n', mapOf('t:iso', ['rss=v']), /holds "5", not a date and time/],
    ['t,v\n0,node\n1,node\n', RSS, /column "v" holds no numbers, "node" for one/],
    ['t,"v\n0,1\n', RSS, /not readable as CSV/],
    [
      't,v\n1760000000000,1\n',
      RSS,
      /line 2: the time "1760000000000" lies in the year 57742: write --time t:ms$/,
    ],
    ['t,v\n1760000000,1\n', mapOf('t:h', ['rss=v']), /lies in the year 202\d{3}: write --time t:s$/],
    ['t,v\n1760000000000000,1\n', mapOf('t:ms', ['rss=v']), /year 57742: convert it to milliseconds$/],
  ])('%j', (text, map, message) => {
    expect(() => readMapped(text, map)).toThrow(message);
  });

  test.each([
    [() => parseMetricColumn('rss'), /--map "rss" is not METRIC=COL/],
    [() => parseMetricColumn('rss='), /names no column/],
    [() => parseMetricColumn('memory=v'), /unknown metric "memory"/],
    [() => parseMetricColumn('rss=v:s'), /"s" is no unit of rss: write one of B, kB/],
    [() => parseMetricColumn('rss=v:count'), /"count" is no unit of rss/],
    [() => parseMetricColumn('fds=v:MiB'), /fds is a count and has no unit "MiB"/],
    [() => parseTimeColumn('t:d'), /"d" is no unit of a time: write one of ms, s, min, h, iso/],
    [() => parseTimeColumn('t:constructor'), /no unit/],
  ])('by its flags: case %#', (parse, message) => {
    expect(parse).toThrow(message);
  });
});
