import { expect, test } from 'vitest';
import { HarnessError } from '../harness/core/errors.js';
import { SAMPLE_COLUMNS, type Sample } from '../harness/core/sample.js';
import { readRecording } from './csv-read.js';
import type { ReadRecording } from './csv-rows.js';
import { csvHeader, csvRow, processesHeader, processRows } from './csv-write.js';

const NOTHING_READ = Object.fromEntries(SAMPLE_COLUMNS.map(([, field]) => [field, null]));

function sample(fields: Partial<Sample> & { elapsedMs: number }): Sample {
  return {
    ...(NOTHING_READ as unknown as Sample),
    timestamp: '2026-01-01T00:00:00.000Z',
    phase: 'steady',
    missedTicks: 0,
    ...fields,
  };
}

async function* chunksOf(text: string, size = 1 << 16): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function read(text: string, chunkSize?: number): Promise<ReadRecording> {
  return readRecording(chunksOf(text, chunkSize), 'samples.csv');
}

/** The message of the usage error that reading this text must end with. */
async function refusal(text: string): Promise<string> {
  const thrown = await read(text).then(
    () => expect.fail('it was read'),
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(HarnessError);
  expect((thrown as HarnessError).code).toBe('usage');
  return (thrown as HarnessError).message;
}

const HEADER = 'elapsed_ms,phase,pid,rss_bytes,fds\n';

test('the header names every column in base units and a row leaves unread cells empty', () => {
  expect(csvHeader()).toMatchInlineSnapshot(`
    "timestamp,elapsed_ms,phase,missed_ticks,pid,rss_bytes,fds,threads,cpu_percent,io_write_bytes,tree_processes,tree_rss_bytes,tree_fds,tree_threads,tree_cpu_percent,pss_bytes,uss_bytes,swap_bytes,sockets,files,pipes,event_polls,other_fds,tcp_listening,tcp_connecting,tcp_established,tcp_close_wait,tcp_closing,log_bytes,udp_drops,cgroup_current_bytes,cgroup_anon_bytes,cgroup_file_bytes,cgroup_kernel_bytes,cgroup_sock_bytes,cgroup_high_events,cgroup_max_events,cgroup_oom_kills,cgroup_pressure_percent,heap_used_bytes,heap_total_bytes,heap_physical_bytes,external_bytes,array_buffers_bytes,live_heap_bytes,handles,timers,tcp_handles,udp_handles,other_handles,major_gcs,event_loop_delay_p99_ms,agent_age_ms,tree_heap_physical_bytes,tree_external_bytes,tree_array_buffers_bytes,tree_live_heap_bytes,tree_handles,intended,offered,answered,wrong,errors,timeouts,dropped,latency_p50_ms,latency_p99_ms,rig_rss_bytes,rig_cpu_percent,rig_fds
    "
  `);
  expect(csvRow(sample({ elapsedMs: 1000.25, pid: 42, rssBytes: 123456789, fds: 0 }))).toMatchInlineSnapshot(`
    "2026-01-01T00:00:00.000Z,1000.25,steady,0,42,123456789,0,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
    "
  `);
});

test('processes of a tree have a header and a row each, names quoted where they must be', () => {
  const row = { elapsedMs: 1000, pid: 43, parentPid: 42, name: 'a "b", c', fds: null, threads: 1 };
  const heap = { heapUsedBytes: 2048, externalBytes: 0, liveHeapBytes: null };
  expect(processesHeader() + processRows([{ ...row, rssBytes: 4096, cpuMs: 30, ...heap }])).toBe(
    'elapsed_ms,pid,parent_pid,name,rss_bytes,fds,threads,cpu_ms,heap_used_bytes,external_bytes,live_heap_bytes\n' +
      '1000,43,42,"a ""b"", c",4096,,1,30,2048,0,\n',
  );
});

test('figures that are not finite are not written', () => {
  expect(csvRow(sample({ elapsedMs: 0, cpuPercent: Number.NaN }))).not.toContain('NaN');
});

test('what was written is read back, chunked anywhere, absent cells as NaN', async () => {
  const rows = [
    sample({ elapsedMs: 0, phase: 'warm-up', pid: 42, rssBytes: 1e8 }),
    sample({ elapsedMs: 1000.125, pid: 42, rssBytes: 0.1 + 0.2, latencyP50Ms: 1e-7 }),
    sample({ elapsedMs: 2000, phase: 'drain', fds: 22 }),
  ];
  const { recording, warnings } = await read(csvHeader() + rows.map((row) => csvRow(row)).join(''), 7);
  expect(warnings).toEqual([]);
  expect(recording.rowCount).toBe(3);
  expect([...recording.elapsedMs]).toEqual([0, 1000.125, 2000]);
  expect(recording.phases).toEqual(['warm-up', 'steady', 'drain']);
  expect([...(recording.column('rss_bytes') ?? [])]).toEqual([1e8, 0.1 + 0.2, Number.NaN]);
  expect([...(recording.column('latency_p50_ms') ?? [])]).toEqual([Number.NaN, 1e-7, Number.NaN]);
  expect(recording.column('fds')?.[2]).toBe(22);
  expect(recording.column('timestamp')).toBeNull();
  expect(recording.column('unknown')).toBeNull();
});

test('a byte order mark, carriage returns and quotes are tolerated', async () => {
  const { recording, warnings } = await read(
    '\uFEFFelapsed_ms,phase,fds\r\n0,steady,20\r\n1000,"steady",21\r\n',
  );
  expect([...(recording.column('fds') ?? [])]).toEqual([20, 21]);
  expect(warnings).toEqual([]);
});

test('a header without rows is a recording of none', async () => {
  const { recording } = await read(HEADER);
  expect(recording.rowCount).toBe(0);
  expect(recording.column('fds')).toHaveLength(0);
});

test.each(['1000,steady,42,1000000,2', '1000,steady,42', '1000,steady,42\n', '1000'])(
  'a last line cut off as %o is dropped with a note',
  async (end) => {
    const { recording, warnings } = await read(`${HEADER}0,steady,42,100,20\n${end}`);
    expect(recording.rowCount).toBe(1);
    expect(warnings).toMatchObject([{ id: 'truncated-row', concerns: 'note' }]);
    expect(warnings[0]?.message).toBe('samples.csv:3: the last line is cut off and was left out');
  },
);

test('an empty file is refused', async () => {
  expect(await refusal('')).toBe('samples.csv: the file is empty: give a samples.csv with its header line');
});

test('a file without a header is refused', async () => {
  expect(await refusal('0,1,2\n1,2,3\n')).toContain(
    'samples.csv:1: no header with our columns, found "0,1,2"',
  );
});

test('other columns are named, missing and unexpected ones', async () => {
  const message = await refusal('time,rss,threads\n0,1,2\n');
  expect(message).toContain('missing elapsed_ms and phase');
  expect(message).toContain('unexpected "time,rss"');
  expect(await refusal('elapsed_ms,phase\n')).toContain('missing a metric (one of live_heap_bytes');
  expect(await refusal('elapsed_ms,phase,fds,rss_byte\n')).toContain('unexpected "rss_byte"');
  expect(await refusal('elapsed_ms,phase,fds,fds\n')).toContain('the column fds stands twice');
});

test.each([
  ['a repeated header', 'elapsed_ms,phase,pid,rss_bytes,fds', 'samples.csv:3: the header line is repeated'],
  ['too few cells', '1000,steady,42', 'samples.csv:3: too few cells, 3 instead of 5'],
  ['too many cells', '1000,steady,42,1,2,3', 'samples.csv:3: too many cells, 6 instead of 5'],
  ['a stray line', 'hello', 'samples.csv:3: not a row of samples: "hello"'],
  ['NaN', '1000,steady,42,NaN,20', 'samples.csv:3: rss_bytes "NaN" is not a finite number'],
  ['Infinity', '1000,steady,42,Infinity,20', 'samples.csv:3: rss_bytes "Infinity" is not a finite number'],
  ['overflow', '1000,steady,42,1e999,20', 'samples.csv:3: rss_bytes "1e999" is not a finite number'],
  ['text', '1000,steady,42,12MB,20', 'samples.csv:3: rss_bytes "12MB" is not a finite number'],
  ['hexadecimal', '1000,steady,42,0x10,20', 'samples.csv:3: rss_bytes "0x10" is not a finite number'],
  ['a blank', '1000,steady,42, ,20', 'samples.csv:3: rss_bytes " " is not a finite number'],
  ['a negative value', '1000,steady,42,1,-2', 'samples.csv:3: fds -2 is below zero'],
  ['no time', ',steady,42,1,2', 'samples.csv:3: elapsed_ms is empty'],
  ['time going back', '0,steady,42,1,2', 'samples.csv:3: time goes back: elapsed_ms 0 after 500'],
  [
    'an unknown phase',
    '1000,boost,42,1,2',
    'samples.csv:3: unknown phase "boost": known are warm-up, steady',
  ],
  ['another pid', '1000,steady,43,1,2', 'samples.csv:3: pid 43, but lines 2 to 2 are of pid 42'],
])('%s in the middle is refused with its line', async (_, line, expected) => {
  expect(await refusal(`${HEADER}500,steady,42,100,20\n${line}\n9000,steady,42,100,20\n`)).toContain(
    expected,
  );
});

test('text that is no CSV at all is refused', async () => {
  expect(await refusal(`${HEADER}0,steady,42,"1"00,20\n1,steady,42,1,2\n`)).toContain(
    'samples.csv: not readable as CSV',
  );
});

test('an error of the source is passed on', async () => {
  const broken = async function* (): AsyncGenerator<string> {
    yield HEADER;
    throw new Error('EIO');
  };
  await expect(readRecording(broken(), 'samples.csv')).rejects.toThrow('EIO');
});

test('more rows than the first capacity are kept', async () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => `${i},steady,42,${i * 2},20`).join('\n');
  const { recording } = await read(`${HEADER}${rows}\n`);
  expect(recording.rowCount).toBe(10_000);
  expect(recording.column('rss_bytes')?.[9_999]).toBe(19_998);
});
