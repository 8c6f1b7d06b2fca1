import { expect, test } from 'vitest';
import { startScript } from './fixtures/children.js';
import { hasProcfs } from './procfs.js';
import { openTargetSource } from './target-source.js';
import { UNREAD_TARGET } from './unread-cells.js';

const SERVER = `require('net').createServer().listen(0, '127.0.0.1', () => process.send('up'));`;

test.skipIf(!hasProcfs())('a target from /proc: all groups at first, then only what is cheap', async () => {
  const server = await startScript(SERVER);
  const source = openTargetSource('proc', server.pid);
  const first = await source.read(true);
  const second = await source.read(false);
  await server.kill();
  expect(first?.cells.pssBytes).toBeGreaterThan(0);
  expect(first?.cells).toMatchObject({ treeProcesses: 1, tcpListening: 1, treeFds: first?.fds });
  expect(second?.cells).toMatchObject({ treeProcesses: 1, pssBytes: null, sockets: null });
  expect(second?.cells.ioWriteBytes).not.toBeNull();
  expect(await source.read(true)).toBeNull();
  source.close();
});

test('a target through pidusage has RSS and CPU only', async () => {
  const source = openTargetSource('pidusage', process.pid, ['pss']);
  const reading = await source.read(true);
  expect(reading?.rssBytes).toBeGreaterThan(1e6);
  expect(reading).toMatchObject({ fds: null, treeCpuMs: null, cells: UNREAD_TARGET });
  source.close();
});

test('there is no source for a process that does not exist', () => {
  expect(() => openTargetSource('proc', 2 ** 22 + 1)).toThrow(/ENOENT/);
});
