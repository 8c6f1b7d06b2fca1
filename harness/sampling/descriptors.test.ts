import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { within } from '../core/fixtures/alive.js';
import type { DatagramCells, DescriptorCells } from '../core/sample-cells.js';
import { kindsOf, openDescriptorProbe } from './descriptors.js';
import { fdCounter } from './fd-count.js';
import { type ScriptProcess, startScript } from './fixtures/children.js';
import { hasProcfs } from './procfs.js';
import { UNREAD_DATAGRAMS, UNREAD_DESCRIPTORS } from './unread-cells.js';

test('links are told apart by their text', () => {
  expect(
    kindsOf([
      'socket:[1]',
      'pipe:[2]',
      '/var/log/a.log',
      '/dev/null',
      'anon_inode:[eventpoll]',
      'anon_inode:[eventfd]',
      'net:[4026531840]',
    ]),
  ).toEqual({ sockets: 1, pipes: 1, files: 2, eventPolls: 2, otherFds: 1 });
});

/** Never closes what its peers have closed; opens a file or a UDP socket on demand. */
const SLOPPY_SERVER = `
  const { openSync } = require('fs');
  const server = require('net').createServer({ allowHalfOpen: true }, (socket) => socket.resume());
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  const udp = require('dgram').createSocket('udp4');
  process.on('message', (what) => {
    if (what === 'file') process.send(openSync('/dev/null', 'r'));
    if (what === 'udp') udp.bind(0, '127.0.0.1', () => process.send(udp.address().port));
    if (what === 'block') for (const end = Date.now() + 2000; Date.now() < end; );
    if (what === 'port') process.send(server.address().port);
  });`;

let server: ScriptProcess;
const clients: Socket[] = [];
beforeEach(async () => {
  server = await startScript(SLOPPY_SERVER);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await server.kill();
});

async function asked(what: string): Promise<number> {
  const answer = server.said();
  server.tell(what);
  return (await answer) as number;
}

async function connected(port: number): Promise<Socket> {
  const client = connect(port, '127.0.0.1');
  clients.push(client);
  await new Promise((resolve) => client.once('connect', resolve));
  return client;
}

const UNREAD = { ...UNREAD_DESCRIPTORS, ...UNREAD_DATAGRAMS };

describe.skipIf(!hasProcfs())('the descriptors of a process', () => {
  const countFds = fdCounter();
  const census = (): DescriptorCells & DatagramCells =>
    openDescriptorProbe(server.pid, false).read(countFds(server.pid), false);

  test('connections that the peer closed and the server did not stand in CLOSE_WAIT', async () => {
    const port = await asked('port');
    const before = census();
    expect(before).toMatchObject({ tcpListening: 1, tcpEstablished: 0, tcpCloseWait: 0, udpDrops: null });
    const [first, second] = [await connected(port), await connected(port)];
    await connected(port);
    expect(await within(2000, () => census().tcpEstablished === 3)).toBe(true);
    first.end();
    second.end();
    expect(await within(2000, () => census().tcpCloseWait === 2)).toBe(true);
    expect(census()).toMatchObject({ tcpEstablished: 1, sockets: (before.sockets ?? 0) + 3 });
  });

  test('an opened file is one file more', async () => {
    const before = census();
    await asked('file');
    expect(census().files).toBe((before.files ?? 0) + 1);
  });

  test('a UDP socket that dropped nothing has 0 drops', async () => {
    await asked('udp');
    expect(census().udpDrops).toBe(0);
  });

  test('datagrams that nobody took out of a full buffer are drops', async () => {
    const port = await asked('udp');
    server.tell('block');
    const sender = createSocket('udp4');
    const sent = Array.from(
      { length: 400 },
      () => new Promise((resolve) => sender.send(Buffer.alloc(8000), port, '127.0.0.1', resolve)),
    );
    await Promise.all(sent);
    sender.close();
    expect(census().udpDrops).toBeGreaterThan(0);
  });

  test('kinds are read where the count moves, where a phase begins, and every 300th row', async () => {
    const probe = openDescriptorProbe(server.pid, false, () => 0);
    const read = (thorough = false): boolean => probe.read(countFds(server.pid), thorough).sockets !== null;
    expect([read(), read(), read(true), read()]).toEqual([true, false, true, false]);
    await asked('file');
    expect([read(), read()]).toEqual([true, false]);
    expect(Array.from({ length: 300 }, () => read()).filter(Boolean)).toHaveLength(1);
  });

  test('a census that has to wait until the last one has paid off is made up for', async () => {
    let nowMs = 0;
    // Every look at the clock is a millisecond later: a census takes one, and 200 pay it off.
    const probe = openDescriptorProbe(server.pid, false, () => nowMs++);
    const read = (): boolean => probe.read(countFds(server.pid), false).sockets !== null;
    expect(read()).toBe(true);
    await asked('file');
    expect([read(), read()]).toEqual([false, false]);
    nowMs += 200;
    expect([read(), read()]).toEqual([true, false]);
  });

  test('a budget on sockets asks for a census at every row', () => {
    const probe = openDescriptorProbe(server.pid, true, () => 0);
    const read = (): boolean => probe.read(countFds(server.pid), false).sockets !== null;
    expect([read(), read(), read()]).toEqual([true, true, true]);
  });

  test('a count that could not be read leaves the kinds unread', () => {
    expect(openDescriptorProbe(server.pid, true).read(null, true)).toEqual(UNREAD);
  });
});

test.skipIf(!hasProcfs())('a process that is not there has no kinds', () => {
  expect(openDescriptorProbe(2 ** 22 + 1, true).read(3, true)).toEqual(UNREAD);
});
