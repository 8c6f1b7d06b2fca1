import { describe, expect, test } from 'vitest';
import type { GrowthClass } from '../core/growth-class.js';
import type { MetricName } from '../core/metric.js';
import type { MetricVerdict } from '../core/verdict.js';
import { classifyGrowth } from './classify.js';
import { buildRecording, MIB } from './fixtures/recording-builder.js';
import { judgedWindow } from './window.js';

const failing = (...names: MetricName[]): MetricVerdict[] =>
  (['live-heap', 'array-buffers', 'fds', 'handles', 'io-write', 'cgroup-current', 'rss'] as const).map(
    (metric) =>
      ({ metric, decides: true, verdict: names.includes(metric) ? 'fail' : 'pass' }) as MetricVerdict,
  );

type Columns = NonNullable<Parameters<typeof buildRecording>[0]>['columns'];

function classesOf(metrics: readonly MetricVerdict[], columns: Columns = {}): readonly GrowthClass[] {
  const recording = buildRecording({ columns });
  return classifyGrowth(metrics, recording, judgedWindow(recording));
}

/** The only class, as the report prints it. */
function sentence(metric: MetricName, columns: Columns): string {
  const [only, ...others] = classesOf(failing(metric), columns);
  expect(others).toEqual([]);
  return `${only?.kind}: ${only?.evidence}; ${only?.advice}`;
}

test.each([
  [[], []],
  [['live-heap'], ['js-heap']],
  [['live-heap', 'rss'], ['js-heap']],
  [['array-buffers', 'rss'], ['buffers']],
  [['live-heap', 'cgroup-current'], ['js-heap']],
  [['rss'], ['native-or-fragmentation']],
  [['rss', 'cgroup-current'], ['native-or-fragmentation']],
  [['fds'], ['descriptors']],
  [['io-write'], ['disk']],
  [
    ['rss', 'fds'],
    ['native-or-fragmentation', 'descriptors'],
  ],
] as const)('%j failing is %j', (metrics, kinds) => {
  expect(classesOf(failing(...metrics)).map(({ kind }) => kind)).toEqual(kinds);
});

test('a metric that does not decide witnesses nothing', () => {
  const shown = failing('rss').map((metric) => ({ ...metric, decides: false }));
  expect(classesOf(shown)).toEqual([]);
});

describe('what the recording shows of it', () => {
  /** A reading at every tenth row only, as a census is. */
  const sparse =
    (value: (minutes: number) => number) =>
    (minutes: number, row: number): number | null =>
      row % 10 === 0 ? value(minutes) : null;

  test('sockets that the peer closed and the server did not', () => {
    expect(
      sentence('fds', {
        sockets: sparse((t) => 20 + 960 * t),
        files: sparse((t) => 10 + 6 * t),
        tcp_close_wait: sparse((t) => 960 * t),
        tcp_established: sparse(() => 15),
      }),
    ).toBe(
      'descriptors: 820 sockets, 20 at the start, 800 in CLOSE_WAIT: the peer closed and the server did not; ' +
        'close each connection when its peer has ended it, errors and half-open ones included',
    );
  });

  test('sockets that are not TCP', () => {
    const columns = { sockets: sparse((t) => 20 + 960 * t), tcp_established: sparse((t) => 5 + 60 * t) };
    expect(sentence('fds', columns)).toContain('820 sockets, 20 at the start, most of the new ones not TCP');
  });

  test('files, and nothing where no census was made', () => {
    const columns = { sockets: sparse(() => 20), files: sparse((t) => 10 + 60 * t) };
    expect(sentence('fds', columns)).toContain('descriptors: 60 open files, 10 at the start; files are');
    expect(classesOf(failing('fds'))[0]?.evidence).toBeNull();
  });

  test('timers among the handles', () => {
    const columns = { timers: (t: number) => 3 + 60 * Math.floor(t * 60), tcp_handles: () => 4 };
    expect(sentence('handles', columns)).toContain('3543 timers, 3 at the start; timers are set and never');
  });

  test('RSS beside a flat heap, in children, and in more and more processes', () => {
    expect(sentence('rss', {})).toContain('live heap and buffers stay within their budgets; rule out');
    expect(sentence('rss', { live_heap_bytes: () => null })).toContain('native-or-fragmentation: null;');
    const inChildren = { rss_bytes: () => 90 * MIB, tree_rss_bytes: (t: number) => (100 + 60 * t) * MIB };
    expect(sentence('rss', inChildren)).toContain('59 MiB of the rise of 59 MiB are in its child processes');
    const more = { tree_processes: (t: number) => 2 + Math.floor(30 * t) };
    expect(sentence('rss', more)).toContain('the tree has 31 processes, 2 at the start; look for child');
  });

  test('a control group by the part that grew', () => {
    const whole = { cgroup_current_bytes: (t: number) => (100 + 120 * t) * MIB };
    const anon = { cgroup_anon_bytes: () => 80 * MIB };
    expect(
      sentence('cgroup-current', {
        ...whole,
        ...anon,
        cgroup_file_bytes: (t: number) => (10 + 60 * t) * MIB,
      }),
    ).toContain('page-cache: 59 MiB of the rise of 118 MiB are page cache;');
    expect(
      sentence('cgroup-current', {
        ...whole,
        ...anon,
        cgroup_kernel_bytes: (t: number) => (4 + 90 * t) * MIB,
      }),
    ).toContain('kernel: 88.5 MiB of the rise of 118 MiB are memory of the kernel;');
  });

  test('bytes written, log files among them', () => {
    const columns = { io_write_bytes: (t: number) => 60 * t * MIB, log_bytes: sparse((t) => 48 * t * MIB) };
    expect(sentence('io-write', columns)).toBe(
      'disk: 59 MiB written, its log files grew by 40 MiB; rotate the log files, or log less per operation',
    );
  });
});
