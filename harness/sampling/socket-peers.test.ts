import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeDescriptors } from './open-descriptors.js';
import { describeTables } from './socket-peers.js';

const row = (local: string, remote: string, state: string, inode: string): string =>
  ` 0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0`;

test('sockets are told by protocol and state, and by the peer or the port that they came in by', () => {
  const described = describeTables({
    tcp: [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      row('0100007F:0035', '00000000:0000', '0A', '11'),
      row('0100007F:0035', '0100007F:9C40', '08', '12'),
      row('0100007F:9C41', '08080808:01BB', '01', '13'),
      row('0000000000000000FFFF00000100007F:9C42', '0000000000000000FFFF00000100007F:0050', '02', '14'),
      row('00000000000000000000000001000000:9C43', '000080FE00000000000000000100A8C0:0050', '01', '15'),
    ].join('\n'),
    udp: [
      row('0100007F:A000', '0100007F:14B4', '01', '21'),
      row('00000000:A001', '00000000:0000', '07', '22'),
    ].join('\n'),
    unix: 'Num RefCount Protocol Flags Type St Inode Path\n0: 2 0 0 0001 03 31\n0: 2 0 0 0001 03 32 /run/x.sock',
  });
  expect(Object.fromEntries(described)).toEqual({
    11: 'TCP LISTEN on 127.0.0.1:53',
    12: 'TCP CLOSE-WAIT accepted on 127.0.0.1:53',
    13: 'TCP ESTABLISHED to 8.8.8.8:443',
    14: 'TCP SYN-SENT to 127.0.0.1:80',
    15: 'TCP ESTABLISHED to [fe80::c0a8:1]:80',
    21: 'UDP to 127.0.0.1:5300',
    22: 'UDP, not connected',
    31: 'Unix, unnamed',
    32: 'Unix /run/x.sock',
  });
});

test.skipIf(process.platform !== 'linux')(
  'descriptors of a process are grouped, the most first',
  async () => {
    const server: Server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const sockets: Socket[] = [];
    const files = Array.from({ length: 5 }, () => openSync('/dev/zero', 'r'));
    try {
      for (let i = 0; i < 40; i++) {
        const socket = connect(port, '127.0.0.1');
        sockets.push(socket);
        await once(socket, 'connect');
      }
      const groups = describeDescriptors(process.pid) ?? [];
      const countOf = (what: string): number => groups.find((group) => group.what === what)?.count ?? 0;
      expect(countOf(`TCP ESTABLISHED accepted on 127.0.0.1:${port}`)).toBeGreaterThanOrEqual(40);
      expect(countOf('/dev/zero')).toBe(5);
      const counts = groups.map(({ count }) => count);
      expect(counts).toEqual([...counts].sort((a, b) => b - a));
    } finally {
      for (const socket of sockets) socket.destroy();
      for (const file of files) closeSync(file);
      server.close();
    }
  },
);

test.skipIf(process.platform !== 'linux')(
  'many files of one folder are one group, deleted ones too; one that is open often has its name',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'leak-soak-test-'));
    const [uploads, few] = [join(folder, 'uploads'), join(folder, 'few')];
    for (const path of [uploads, few]) mkdirSync(path);
    const paths = [
      ...Array.from({ length: 20 }, (_, i) => join(uploads, `${i}`)),
      ...Array.from({ length: 30 }, () => join(few, 'log')),
    ];
    const files = paths.map((path) => openSync(path, 'w'));
    try {
      rmSync(paths[0] as string);
      const groups = describeDescriptors(process.pid) ?? [];
      expect(groups).toContainEqual({ what: `files in ${uploads}`, count: 20 });
      expect(groups).toContainEqual({ what: join(few, 'log'), count: 30 });
    } finally {
      for (const file of files) closeSync(file);
      rmSync(folder, { recursive: true });
    }
  },
);

test('a process that has gone says nothing', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  expect(describeDescriptors(child.pid as number)).toBeNull();
});
