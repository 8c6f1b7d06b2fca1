import { describe, expect, it } from 'vitest';
import type { Block } from '../chain/block.js';
import { type BlockServerOptions, openBlockServer } from '../fixtures/block-server.js';
import { blocks } from '../fixtures/chain.js';
import { closedAfterEach } from '../fixtures/closing.js';
import { openPeerClient } from '../fixtures/peer-client.js';
import { startTestPeer, type TestPeer, type TestPeerOptions } from '../fixtures/peer-node.js';

const CHAIN = blocks(400);
const tipOf = (chain: readonly Block[]): string => chain.at(-1)?.hash ?? '';
const open = closedAfterEach();

const start = async (options: TestPeerOptions): Promise<TestPeer> => open(await startTestPeer(options));

async function serve(chain: readonly Block[], options: BlockServerOptions = {}) {
  const server = await openBlockServer(chain, options);
  open(server);
  return server;
}

/** Numbers from 0 to 1, the same ones every time. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('a node that is behind', () => {
  it('comes to the same chain from eight peers that lose a block in twenty and mix up all others', async () => {
    const servers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        serve(CHAIN, { depth: 25, loss: 0.05, random: sequence(index + 1) }),
      ),
    );
    const peers = servers.map(({ endpoint }) => endpoint);
    const node = await start({ peers, net: ['block_timeout_sec = 0.5'] });
    const { tip, counters } = await node.until(({ height }) => height === 400);
    expect(tip).toBe(tipOf(CHAIN));
    expect(counters.blocksAsked).toBeLessThan(400 * 1.3);
    expect(counters.bans).toBe(0);
    expect(servers.filter(({ asked }) => asked.length > 5).length).toBeGreaterThan(3);
  });

  it('goes on where it was when it is started anew', async () => {
    const server = await serve(CHAIN);
    const node = await start({ blocks: CHAIN.slice(0, 250), peers: [server.endpoint] });
    await node.until(({ height }) => height === 400);
    expect(Math.min(...server.asked)).toBe(251);
  });

  it('is told of blocks that come later', async () => {
    const ahead = await start({ blocks: CHAIN.slice(0, 10) });
    const behind = await start({ peers: [ahead.peer] });
    await behind.until(({ height }) => height === 10);
    const source = await serve(CHAIN.slice(0, 12));
    const third = await start({ peers: [ahead.peer, source.endpoint], blocks: CHAIN.slice(0, 10) });
    await third.until(({ height }) => height === 12);
    await behind.until(({ height }) => height === 12);
  });

  it('is not held up by one that claims an endless height and sends nothing', async () => {
    const node = await start({ peers: [(await serve(CHAIN)).endpoint], net: ['block_timeout_sec = 0.5'] });
    const liar = await openPeerClient(node.peer, { from: '127.0.0.9' });
    await liar.receive('Shake');
    liar.send({ kind: 'Ping', height: Number.MAX_SAFE_INTEGER, hash: 'AB'.repeat(32) });
    await node.until(({ height }) => height === 400);
    expect((await node.chain()).max_height).toBe(400);
    liar.close();
  });
});

describe('a node that is behind and called by many', () => {
  it('who claim an endless height and send nothing, gets its blocks from the one that has them', async () => {
    const node = await start({ net: ['max_inbound_peers_per_ip = 60', 'max_future_blocks = 100'] });
    const liars = await Promise.all(Array.from({ length: 50 }, () => openPeerClient(node.peer)));
    for (const each of liars) open(each);
    for (const liar of liars) liar.send({ kind: 'Ping', height: Number.MAX_SAFE_INTEGER, hash: '' });
    await node.until(({ counters: { blocksAsked } }) => blocksAsked >= 50);
    const honest = await openPeerClient(node.peer, {
      from: '127.0.0.2',
      answer: (message, peer) => {
        if (message.kind === 'GetBlock') peer.sendBlock(CHAIN[message.index - 1] as Block);
        return message.kind === 'GetBlock';
      },
    });
    open(honest);
    honest.send({ kind: 'Ping', height: 400, hash: tipOf(CHAIN) });
    expect(await node.until(({ height }) => height === 400)).toMatchObject({ tip: tipOf(CHAIN) });
  });
});

describe('a node on another branch', () => {
  const base = CHAIN.slice(0, 20);
  const branch = (length: number, seed: string): Block[] => [...base, ...blocks(length, { seed }, base[19])];

  it.each([1, 2, 3, 4])('takes the longer one when it left the chain %i blocks ago', async (depth) => {
    const longer = branch(depth + 1, 'longer');
    const server = await serve(longer);
    const node = await start({ blocks: branch(depth, 'own'), peers: [server.endpoint] });
    const { tip, counters } = await node.until(({ height }) => height === longer.length);
    expect(tip).toBe(tipOf(longer));
    expect(counters.undone).toBe(depth);
  });

  it('keeps its own when the other one left the chain five blocks ago, and bans who sends it', async () => {
    const server = await serve(branch(6, 'longer'));
    const node = await start({ blocks: branch(5, 'own'), peers: [server.endpoint] });
    const { tip, counters } = await node.until(({ counters: { bans } }) => bans > 0);
    expect(tip).toBe(tipOf(branch(5, 'own')));
    expect(counters.undone).toBe(0);
  });

  it('comes to the same one of two equally long ones as the node that has the other', async () => {
    const first = await start({ blocks: branch(2, 'a') });
    const second = await start({ blocks: branch(2, 'b'), peers: [first.peer] });
    for (;;) {
      const [one, other] = await Promise.all([first.chain(), second.chain()]);
      if (one.tip === other.tip) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await first.chain()).height).toBe(22);
  });
});
