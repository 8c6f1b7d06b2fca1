import { describe, expect, test } from 'vitest';
import type { ForeignRecording, ForeignSeries } from '../../harness/core/foreign-recording.js';
import { type ColumnMap, parseMetricColumn, parseTimeColumn } from './column-map.js';
import { readForeign } from './recognise.js';

const MIB = 2 ** 20;

function read(text: string): ForeignRecording {
  return readForeign(Buffer.from(text), 'file', null);
}

function series(recording: ForeignRecording, metric: string): ForeignSeries | undefined {
  return recording.series.find((one) => one.metric === metric);
}

function messages(recording: ForeignRecording): string {
  return recording.notes.map(({ message }) => message).join('\n');
}

describe('psrecord', () => {
  const PLAIN = `# Elapsed time   CPU (%)     Real (MB)   Virtual (MB)
       0.000        0.000       52.000      610.000
       1.002       12.500       52.500      610.000
       2.004       11.000       53.250      612.000
`;

  test('plain text is read as seconds and MiB, although it says MB', () => {
    const rss = series(read(PLAIN), 'rss');
    expect(rss).toMatchObject({ elapsedMs: [0, 1002, 2004], values: [52 * MIB, 52.5 * MIB, 53.25 * MIB] });
  });

  test('a line that was cut off is left out and counted', () => {
    const recording = read(`${PLAIN}       3.006       1`);
    expect(series(recording, 'rss')?.values).toHaveLength(3);
    expect(messages(recording)).toBe('rows left out: 1 with more or fewer cells than the header');
  });

  test('a log that two runs were appended to is refused with the line', () => {
    expect(() => read(PLAIN + PLAIN)).toThrow(/line 6: time goes back by 2\.004 s: two runs in one file/);
  });

  test('its csv is read by the names of its columns', () => {
    const csv =
      'elapsed_time,nproc,cpu,mem_real,mem_virtual,mem_swap\n0.0,1,0.0,10.5,80.0,0\n1.0,1,2.0,11.5,80.0,0\n';
    expect(series(read(csv), 'rss')).toMatchObject({
      elapsedMs: [0, 1000],
      values: [10.5 * MIB, 11.5 * MIB],
    });
  });
});

describe('pidstat', () => {
  const BANNER = 'Linux 6.1.0-18-amd64 (host) \t11/20/26 \t_x86_64_\t(8 CPU)\n\n';
  const HEADER =
    '# Time        UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM threads   fd-nr  Command\n';
  const row = (time: string, pid: number, rss: string, threads: number, fds: number): string =>
    `${time}     1000      ${pid}      0.00      0.00  610340   ${rss}   0.33      ${threads}      ${fds}  node\n`;

  test('memory is in KiB, descriptors and threads are counts, repeated headers are no rows', () => {
    const recording = read(
      `${BANNER}${HEADER}${row('10:00:01', 42, '53000', 11, 22)}\n${HEADER}${row('10:00:02', 42, '53004', 11, 23)}`,
    );
    expect(series(recording, 'rss')).toMatchObject({
      elapsedMs: [0, 1000],
      values: [53000 * 1024, 53004 * 1024],
    });
    expect(series(recording, 'fds')?.values).toEqual([22, 23]);
    expect(series(recording, 'threads')?.values).toEqual([11, 11]);
    expect(recording.pid).toBe(42);
  });

  test('without -h each kind of figures is a block of its own, joined by the time', () => {
    const recording =
      read(`${BANNER}10:00:00      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command
10:00:01     1000        42      0.00      0.00  610340   53000   0.33  node

10:00:00      UID       PID threads   fd-nr  Command
10:00:01     1000        42      11      22  node

Average:      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command
Average:     1000        42      0.00      0.00  610340   53000   0.33  node
`);
    expect(recording.series.map(({ metric, values }) => [metric, values])).toEqual([
      ['rss', [53000 * 1024]],
      ['fds', [22]],
      ['threads', [11]],
    ]);
  });

  test('the clock passes noon and midnight', () => {
    const at = (times: readonly string[]): readonly number[] | undefined =>
      series(read(HEADER + times.map((time) => row(time, 42, '53000', 11, 22)).join('')), 'rss')?.elapsedMs;
    expect(at(['23:59:59', '00:00:00'])).toEqual([0, 1000]);
    expect(at(['11:59:59 AM', '12:00:00 PM'])).toEqual([0, 1000]);
    expect(at(['11:59:59 PM', '12:00:00 AM'])).toEqual([0, 1000]);
    expect(at(['1783037733', '1783037734'])).toEqual([0, 1000]);
  });

  test('figures that --human rounded are read, and said to be coarse', () => {
    const recording = read(HEADER + row('10:00:01', 42, '53.5M', 11, 22));
    expect(series(recording, 'rss')).toMatchObject({ values: [53.5 * MIB] });
    expect(series(recording, 'rss')?.resolution).toBeGreaterThanOrEqual(0.1 * MIB);
    expect(messages(recording)).toMatch(/--human/);
  });

  test('several processes at one time are refused', () => {
    const both = row('10:00:01', 42, '53000', 11, 22) + row('10:00:01', 43, '9000', 1, 4);
    expect(() => read(HEADER + both)).toThrow(/pids 42 and 43 at one time: record one with pidstat -p PID/);
  });

  test('a process that was restarted leaves the longest stretch of one', () => {
    const times = ['10:00:01', '10:00:02', '10:00:03'];
    const rows = times.map((time, i) => row(time, i === 0 ? 42 : 43, `${53000 + i}`, 11, 22)).join('');
    const recording = read(HEADER + rows);
    expect(series(recording, 'rss')).toMatchObject({ elapsedMs: [1000, 2000] });
    expect(messages(recording)).toMatch(/restarted at line 3: pid 42 became 43\n.*lines 3 to 4: 2 of 3 rows/);
  });
});

describe('the trustflow script', () => {
  const HEADER =
    'timestamp,pid,cpu_percent,mem_percent,rss_mb,vsz_mb,threads,file_descriptors,tcp_connections,goroutines,' +
    'heap_allocs,heap_inuse_mb,active_streams,service_cache,relay_circuits\n';
  const ROWS =
    '2026-11-20 10:00:00,42,3.1,0.4,44.92,1250.00,14,25,2,14,0,0,0,0,0\n' +
    '2026-11-20 10:00:30,42,3.1,0.4,44.94,1250.00,14,26,2,14,0,0,0,0,0\n';

  test('its columns are read, memory in MiB of two decimals', () => {
    const recording = read(HEADER + ROWS);
    expect(series(recording, 'rss')).toMatchObject({
      elapsedMs: [0, 30_000],
      values: [44.92 * MIB, 44.94 * MIB],
    });
    expect(series(recording, 'rss')?.resolution).toBeCloseTo(0.01 * MIB, 6);
    expect(series(recording, 'fds')?.values).toEqual([25, 26]);
  });

  test('constant zeros and borrowed goroutines are said to be no readings', () => {
    const said = messages(read(HEADER + ROWS));
    expect(said).toMatch(
      /0 in every row, so no readings: heap_allocs, heap_inuse_mb, active_streams, service_cache, relay_circuits/,
    );
    expect(said).toMatch(/goroutines equals threads in every row/);
    expect(said).toMatch(/local time without a zone/);
    expect(said).toMatch(/tcp_connections counts listening sockets only/);
  });

  test('a row for a process that was not found has fewer cells and is left out', () => {
    const recording = read(`${HEADER}${ROWS}2026-11-20 10:01:00,not found,0,0\n`);
    expect(series(recording, 'rss')?.values).toHaveLength(2);
    expect(messages(recording)).toMatch(/rows left out: 1/);
  });

  test('later forms with more columns are recognised as well', () => {
    const more = HEADER.trimEnd().concat(',script_memory_mb,errors\n') + ROWS.replaceAll(/\n/g, ',3.2,0\n');
    expect(series(read(more), 'rss')?.values).toHaveLength(2);
  });
});

describe('samples.csv', () => {
  const rows = Array.from(
    { length: 11 },
    (_, i) =>
      `${i * 1000},${i < 5 ? 'warm-up' : 'steady'},42,${90e6 + i},${i % 2 ? 3e7 : ''},${i % 2 ? 5 : 9}\n`,
  );
  const CSV = `elapsed_ms,phase,pid,rss_bytes,live_heap_bytes,external_bytes\n${rows.join('')}`;

  test('is judged from its first steady row, external memory only after a collection', () => {
    const recording = read(CSV);
    expect(series(recording, 'rss')?.elapsedMs).toEqual([5000, 6000, 7000, 8000, 9000, 10_000]);
    expect(series(recording, 'external')?.values).toEqual([5, 5, 5]);
    expect(recording.spanMs).toEqual([5000, 10_000]);
  });

  test('has no load in its drains, and nothing of its settling', () => {
    const recording = read(
      CSV.replace('8000,steady', '8000,drain')
        .replace('9000,steady', '9000,drain')
        .replace('10000,steady', '10000,settle'),
    );
    expect(series(recording, 'rss')).toMatchObject({
      elapsedMs: [5000, 6000, 7000, 8000, 9000],
      load: [1, 1, 1, 0, 0],
    });
    expect(series(recording, 'live-heap')).toMatchObject({ elapsedMs: [5000, 7000, 9000], load: [1, 1, 0] });
  });

  test('without a steady row it has nothing to judge and says so', () => {
    const recording = read(CSV.replaceAll('steady', 'drain'));
    expect(series(recording, 'rss')?.values).toEqual([]);
    expect(messages(recording)).toMatch(/no row is of the steady phase/);
  });

  test('is refused by the rules of a run', () => {
    expect(() => read(CSV + CSV)).toThrow(/file:13: .*header line is repeated/);
  });
});

describe('a file that is not recognised', () => {
  test('lists its columns and shows what to type', () => {
    expect(() => read('# made by hand\nt,value,load,pid\n0,1,1,1\n')).toThrow(
      /unknown format with the columns "t", "value", "load", "pid" .*--time t:s --map rss=value:MiB$/,
    );
    expect(() => read('Wall time;Used (MB)\n0;1\n')).toThrow(
      /--time 'Wall time:s' --map 'rss=Used \(MB\):MiB'$/,
    );
  });

  test.each([
    ['', /the file is empty/],
    ['\n\n', /the file is empty/],
    ['0,1,2\n1,1,2\n', /no header line, the first one is "0", "1", "2"/],
    ['a\0b', /not a text file/],
  ])('%j is refused', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test('bytes that are no UTF-8 are refused', () => {
    expect(() => readForeign(Buffer.from([0x1f, 0x8b, 0x08, 0xff]), 'file', null)).toThrow(/not a text file/);
  });
});

describe('memory in a column that the user named', () => {
  const map: ColumnMap = {
    time: parseTimeColumn('t'),
    metrics: [parseMetricColumn('rss=mem')],
    load: null,
    pid: null,
  };
  const readMem = (values: readonly number[], more: Partial<ColumnMap> = {}): ForeignRecording => {
    const rows = values.map((value, i) => `${i},${value}\n`).join('');
    return readForeign(Buffer.from(`t,mem\n${rows}`), 'file', { ...map, ...more });
  };

  test('is refused when no row holds as much as a page', () => {
    expect(() => readMem([100, 110.5, 4095])).toThrow(
      'every reading of rss in "mem" is below one page (4096 bytes): is its unit MiB? Write --map rss=mem:MiB',
    );
    expect(series(readMem([100, 4096]), 'rss')?.values).toEqual([100, 4096]);
  });

  test('may read 0 throughout, and a count may be small', () => {
    expect(series(readMem([0, 0]), 'rss')?.values).toEqual([0, 0]);
    const fds = readMem([3, 4], { metrics: [parseMetricColumn('fds=mem')] });
    expect(series(fds, 'fds')?.values).toEqual([3, 4]);
  });
});
