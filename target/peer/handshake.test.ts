import { describe, expect, it } from 'vitest';
import { blocks } from '../fixtures/chain.js';
import { closedAfterEach } from '../fixtures/closing.js';
import {
  openKeyedClient,
  openPeerClient,
  openPeerServer,
  type PeerClient,
  type PeerClientOptions,
  shakenClient,
} from '../fixtures/peer-client.js';
import { startTestPeer, type TestPeer, type TestPeerOptions } from '../fixtures/peer-node.js';

const CHAIN = blocks(12);
const open = closedAfterEach();

const start = async (options: TestPeerOptions = {}): Promise<TestPeer> => open(await startTestPeer(options));

const shaken = async (node: TestPeer, options: PeerClientOptions = {}): Promise<PeerClient> =>
  open(await shakenClient(node.peer, options));

describe('shaking hands', () => {
  it('a caller gets Shake with the height and then a Ping, and Pong for its Ping', async () => {
    const node = await start({ blocks: CHAIN });
    const client = await openPeerClient(node.peer);
    expect(await client.receive('Shake')).toMatchObject({ height: 12, origin: CHAIN[0]?.hash, version: 1 });
    expect(await client.receive('Ping')).toMatchObject({ height: 12 });
    client.send({ kind: 'Ping', height: 0, hash: '' });
    expect(await client.receive('Pong')).toEqual({ kind: 'Pong', height: 12, hash: CHAIN[11]?.hash });
    client.close();
  });

  it('one that is dialled gets Hand, and is in use when it has answered', async () => {
    const server = await openPeerServer(0);
    open(server);
    const node = await start({ peers: [server.endpoint] });
    await server.next();
    expect(await node.until(({ peers }) => peers === 1)).toMatchObject({ counters: { dialled: 1 } });
  });

  it.each<readonly [string, PeerClientOptions]>([
    ['another chain', { introduction: { origin: 'AB'.repeat(32) } }],
    ['another version of the program', { introduction: { appVersion: '0.7.9' } }],
    ['another version of the rules', { introduction: { version: 2 } }],
  ])('bans an address that comes with %s', async (_what, options) => {
    const node = await start({ blocks: CHAIN });
    await (await openPeerClient(node.peer, { from: '127.0.0.7', ...options })).closed;
    const { socket } = await openKeyedClient(node.peer, { from: '127.0.0.7' });
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await node.chain()).counters.bans).toBe(1);
    await shaken(node, { from: '127.0.0.8' });
  });

  it('knows a second connection of the same node', async () => {
    const node = await start();
    await shaken(node, { introduction: { randomId: 'aaaaaa' } });
    const twin = await openPeerClient(node.peer, { introduction: { randomId: 'aaaaaa' } });
    await twin.receive('Twin');
    await twin.closed;
    expect((await node.chain()).peers).toBe(1);
  });

  it('a node that dials its own address notices', async () => {
    const probe = await startTestPeer();
    const { port } = probe.peer;
    await probe.close();
    const node = await start({
      peers: [{ address: '127.0.0.1', port }],
      net: [`listen = "127.0.0.1:${port}"`],
    });
    const { counters } = await node.until(({ counters: { accepted } }) => accepted > 0);
    expect(counters.bans).toBe(0);
    expect((await node.until(({ peers }) => peers === 0)).counters.dialled).toBe(1);
  });

  it('two nodes that dial each other keep one connection', async () => {
    const often = 'dial_interval_sec = 0.1';
    const first = await startTestPeer();
    const second = await start({ peers: [first.peer], net: [often] });
    await second.until(({ peers }) => peers === 1);
    const { port } = first.peer;
    await first.close();
    const again = await start({ peers: [second.peer], net: [`listen = "127.0.0.1:${port}"`, often] });
    await Promise.all(
      [again, second].map((node) => node.until(({ counters: { accepted } }) => accepted > 0)),
    );
    const known = await Promise.all([again, second].map((node) => node.until(({ peers }) => peers === 1)));
    expect(known.map(({ counters }) => counters.bans)).toEqual([0, 0]);
  });

  it('talks about nothing with one that has not shaken hands', async () => {
    const node = await start({ blocks: CHAIN });
    const { client, keyed, socket } = await openKeyedClient(node.peer);
    await keyed;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    client.send({ kind: 'GetBlock', index: 1 });
    await closed;
    await expect(client.receive('Block')).rejects.toThrow('closed before Block');
  });

  it('closes what is not of the protocol', async () => {
    const node = await start();
    const { socket } = await openKeyedClient(node.peer);
    // A hello with 160 bytes of garbage, then an empty frame.
    socket.removeAllListeners('connect');
    socket.write(Buffer.alloc(400, 0xaa));
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await node.chain()).counters.garbage).toBe(1);
  });
});

describe('connections', () => {
  it('are bounded for each address, and one that has not shaken hands makes room', async () => {
    const node = await start({ net: ['max_inbound_peers = 4', 'max_inbound_peers_per_ip = 2'] });
    const kept = [await shaken(node), await shaken(node)];
    const third = await openKeyedClient(node.peer);
    await new Promise((resolve) => third.socket.once('close', resolve));
    const silent = await Promise.all(
      ['127.0.0.2', '127.0.0.3'].map((from) => openKeyedClient(node.peer, { from })),
    );
    await node.until(({ counters: { accepted } }) => accepted === 4);
    await shaken(node, { from: '127.0.0.4' });
    const { counters, peers } = await node.chain();
    expect([counters.refused, counters.evicted, peers]).toEqual([1, 1, 3]);
    for (const each of silent) each.socket.destroy();
    expect(kept.every(({ socket }) => !socket.destroyed)).toBe(true);
  });

  it('that are silent after shaking hands are closed, those that ping stay', async () => {
    const node = await start({ net: ['idle_timeout_sec = 1', 'ping_interval_sec = 100'] });
    const silent = await shaken(node, { from: '127.0.0.2' });
    const alive = await shaken(node, { from: '127.0.0.3' });
    const pings = setInterval(() => alive.send({ kind: 'Ping', height: 0, hash: '' }), 200);
    await silent.closed;
    expect((await node.chain()).peers).toBe(1);
    expect(alive.socket.destroyed).toBe(false);
    clearInterval(pings);
  });

  it('are pinged when nothing is said', async () => {
    const node = await start({ net: ['ping_interval_sec = 0.1'] });
    const client = await shaken(node);
    await client.receive('Ping');
    await Promise.race([client.receive('Ping'), client.receive('GetPeers')]);
  });

  it('leave nothing open when the node is closed', async () => {
    const sockets = (): number =>
      process.getActiveResourcesInfo().filter((name) => /^(TCP|UDP)/.test(name)).length;
    const before = sockets();
    const node = await startTestPeer({ blocks: CHAIN });
    const clients = await Promise.all(['127.0.0.2', '127.0.0.3'].map((from) => shaken(node, { from })));
    const silent = await openKeyedClient(node.peer);
    const gone = new Promise((resolve) => silent.socket.once('close', resolve));
    await silent.keyed;
    await node.close();
    await Promise.all([...clients.map(({ closed }) => closed), gone]);
    expect(sockets()).toBe(before);
  });
});
