import { describe, expect, it } from 'vitest';
import type { FaultId } from '../faults.js';
import { CHAIN, junk, settled } from '../fixtures/attacker.js';
import { openBlockServer } from '../fixtures/block-server.js';
import { closedAfterEach } from '../fixtures/closing.js';
import {
  openPeerClient,
  type PeerClient,
  type PeerClientOptions,
  shakenClient,
} from '../fixtures/peer-client.js';
import { startTestPeer, type TestPeer, type TestPeerOptions } from '../fixtures/peer-node.js';

const open = closedAfterEach();

const start = async (options: TestPeerOptions = {}): Promise<TestPeer> => open(await startTestPeer(options));

const shaken = async (node: TestPeer, options: PeerClientOptions = {}): Promise<PeerClient> =>
  open(await shakenClient(node.peer, options));

describe('the faults', () => {
  const addresses = (turn: number): string[] =>
    Array.from({ length: 500 }, (_, index) => `127.${turn + 1}.${index >> 8}.${index & 255}:4244`);

  async function attack(node: TestPeer): Promise<void> {
    const attacker = await shaken(node, { from: '127.0.0.9' });
    attacker.send({ kind: 'Ping', height: Number.MAX_SAFE_INTEGER, hash: '' });
    for (let number = 0; number < 500; number += 1) attacker.sendBlock(junk(number * 3));
    for (let turn = 0; turn < 4; turn += 1) attacker.send({ kind: 'Peers', peers: addresses(turn) });
    await settled(attacker);
  }

  it.each<readonly [FaultId, string]>([
    ['future-blocks', 'future_blocks'],
    ['seen-blocks', 'seen_blocks'],
    ['new-peers', 'new_peers'],
  ])('%s keeps what an attacker sends, within no bounds, and the others do not', async (fault, structure) => {
    const node = await start({
      blocks: CHAIN.slice(0, 10),
      faults: [fault],
      net: ['max_new_peers = 50', 'max_future_blocks = 100', 'dial_interval_sec = 100'],
    });
    await attack(node);
    const { structures } = await node.health();
    for (const { name, entries, limit } of structures) {
      if (name === structure) expect([entries >= 500, limit]).toEqual([true, null]);
      else if (['future_blocks', 'seen_blocks', 'new_peers'].includes(name))
        expect(entries).toBeLessThanOrEqual(50);
    }
    const told = structures.find(({ name }) => name === 'new_peers');
    expect(told?.limit).toBe(fault === 'new-peers' ? null : 50);
    // It is a node all the same.
    const server = await openBlockServer(CHAIN);
    open(server);
    const honest = await start({ blocks: CHAIN.slice(0, 10), faults: [fault], peers: [server.endpoint] });
    await honest.until(({ height }) => height === 120);
  });

  it('inbound-peers takes every connection', async () => {
    const net = ['max_inbound_peers = 5', 'max_inbound_peers_per_ip = 5'];
    const [leaky, fixed] = [await start({ net, faults: ['inbound-peers'] }), await start({ net })];
    await Promise.all(Array.from({ length: 30 }, () => shaken(leaky)));
    expect(await leaky.entries('inbound_peers')).toBe(30);
    await Promise.all(Array.from({ length: 5 }, () => shaken(fixed)));
    await expect(shaken(fixed)).rejects.toThrow('closed before a key');
    expect(await fixed.entries('inbound_peers')).toBe(5);
  });

  it('banned-ips keeps every ban', async () => {
    const net = ['max_banned_ips = 10'];
    const nodes = [
      await start({ net, faults: ['banned-ips'], blocks: CHAIN }),
      await start({ net, blocks: CHAIN }),
    ];
    const bans = await Promise.all(
      nodes.map(async (node) => {
        for (let number = 1; number <= 40; number += 1) {
          const introduction = { origin: 'AB'.repeat(32) };
          await (await openPeerClient(node.peer, { from: `127.0.3.${number}`, introduction })).closed;
        }
        return node.entries('banned_ips');
      }),
    );
    expect(bans).toEqual([40, 10]);
  });

  it('a chain that a leaky node wrote opens in a fixed one', async () => {
    const server = await openBlockServer(CHAIN);
    open(server);
    const faults: readonly FaultId[] = [
      'future-blocks',
      'seen-blocks',
      'new-peers',
      'inbound-peers',
      'banned-ips',
    ];
    const leaky = await startTestPeer({ faults, peers: [server.endpoint] });
    await leaky.until(({ height }) => height === 120);
    await leaky.close();
    const fixed = await start({ folder: leaky.folder });
    expect(await fixed.chain()).toMatchObject({ height: 120, tip: CHAIN[119]?.hash });
  });
});
