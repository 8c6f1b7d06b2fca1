import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { openProcessSource } from './open-source.js';
import { parseStatLine, readStat, STAT_BYTES } from './proc-stat.js';
import type { ProcessReading } from './process-reading.js';
import { hasProcfs, openProcSource } from './procfs.js';

const RECORDED =
  '4242 (a (strange) name) S 1 4242 4242 0 -1 4194304 5110 0 0 0 250 75 3 2 20 0 11 0 987654 1150926848 12345 ' +
  '18446744073709551615 1 1 0 0 0 0 0 4096 81922 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n';

test('a recorded stat line is read by field number, whatever the name holds', () => {
  const buffer = Buffer.from(RECORDED + '9'.repeat(100));
  expect(parseStatLine(buffer, RECORDED.length)).toEqual({
    state: 'S',
    parentPid: 1,
    cpuMs: 3250,
    childrenCpuMs: 50,
    threads: 11,
    startTicks: 987654,
    rssPages: 12345,
  });
});

test.skipIf(!hasProcfs())(
  'the name of any process comes with its line, and nothing for a number not in use',
  () => {
    const buffer = Buffer.alloc(STAT_BYTES);
    expect(readStat(process.pid, buffer)).toMatchObject({ parentPid: process.ppid, state: 'R' });
    expect(readStat(process.pid, buffer)?.name).toBe(readFileSync('/proc/self/comm', 'utf8').trimEnd());
    expect(readStat(2 ** 22 + 1, buffer)).toBeNull();
  },
);

describe.skipIf(!hasProcfs())('a process read from /proc', () => {
  const source = openProcSource(process.pid);
  afterAll(() => source.close());
  const own = async (): Promise<ProcessReading> => {
    const reading = await source.read();
    if (reading === null) throw new Error('our own process has gone');
    return reading;
  };

  test('RSS agrees with what the process says of itself', async () => {
    const { rssBytes } = await own();
    expect(Math.abs((rssBytes ?? 0) / process.memoryUsage.rss() - 1)).toBeLessThan(0.1);
  });

  test('one more open file is one more descriptor', async () => {
    const before = await own();
    const fd = openSync('/dev/null', 'r');
    const after = await own();
    closeSync(fd);
    expect((after.fds ?? 0) - (before.fds ?? 0)).toBe(1);
  });

  test('a process that has ended reads as gone, a zombie included', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await new Promise((resolve) => child.once('spawn', resolve));
    const source = openProcSource(child.pid as number);
    expect(await source.read()).not.toBeNull();
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(await source.read()).toBeNull();
    source.close();
  });

  test('there is no source for a process that does not exist', () => {
    expect(() => openProcSource(2 ** 22 + 1)).toThrow(/ENOENT/);
  });

  test('proc and pidusage tell the same of the same process where both can', async () => {
    const [proc, portable] = (['proc', 'pidusage'] as const).map((name) =>
      openProcessSource(name, process.pid),
    );
    const [a, b] = await Promise.all([proc?.read(), portable?.read()]);
    expect(Math.abs((a?.rssBytes ?? 0) / (b?.rssBytes ?? 1) - 1)).toBeLessThan(0.1);
    expect(Math.abs((a?.cpuMs ?? 0) - (b?.cpuMs ?? 0))).toBeLessThan(200);
    expect(b).toMatchObject({ fds: null, threads: null });
    expect(await openProcessSource('pidusage', 2 ** 22 + 1).read()).toBeNull();
    for (const opened of [proc, portable]) opened?.close();
  });
});
