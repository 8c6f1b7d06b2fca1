import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startScript } from './fixtures/children.js';
import { openIoProbe, parseWriteBytes } from './io.js';
import { hasProcfs } from './procfs.js';

const RECORDED =
  'rchar: 10\nwchar: 999\nsyscr: 1\nsyscw: 2\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 7\n';

test('the line of bytes written is read, and nothing that an earlier reading left behind it', () => {
  const buffer = Buffer.from(RECORDED);
  expect(parseWriteBytes(buffer, buffer.length)).toBe(8192);
  expect(parseWriteBytes(buffer, 20)).toBeNull();
});

test.skipIf(!hasProcfs())('a mebibyte more in a file is a mebibyte more written', async () => {
  // Beside the sources, since a temporary folder in memory has no storage to write to.
  const folder = mkdtempSync(join(process.cwd(), '.io-test-'));
  const path = JSON.stringify(join(folder, 'file'));
  const writer = await startScript(
    `process.send('up');
     process.on('message', () => {
       const fd = require('fs').openSync(${path}, 'w');
       require('fs').writeSync(fd, Buffer.alloc(1 << 20, 1));
       require('fs').fsyncSync(fd);
       process.send('written');
     })`,
  );
  const probe = openIoProbe(writer.pid);
  try {
    const before = probe.read() ?? Number.NaN;
    const written = writer.said();
    writer.tell('write');
    await written;
    expect((probe.read() ?? Number.NaN) - before).toBeGreaterThanOrEqual(2 ** 20);
  } finally {
    probe.close();
    await writer.kill();
    rmSync(folder, { recursive: true });
  }
});

test('a process that is not there has written nothing that could be read', () => {
  expect(openIoProbe(2 ** 22 + 1).read()).toBeNull();
});
