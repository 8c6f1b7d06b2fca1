import { afterEach, describe, expect, it } from 'vitest';
import type { Block } from '../chain/block.js';
import { type Endpoint, formatEndpoint, parseEndpoint } from '../endpoint.js';
import { blocks, chainFolder, openChain, PLAN } from '../fixtures/chain.js';
import { startTestNode, type TestNode } from '../fixtures/node.js';
import { openPeerClient } from '../fixtures/peer-client.js';

const CHAIN = blocks(60);
const started: TestNode[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((node) => node.close()));
});

/** A node with these blocks that dials these peers. */
async function startPeer(
  contents: readonly Block[],
  peers: readonly Endpoint[] = [],
  net: readonly string[] = [],
): Promise<TestNode & { endpoint: Endpoint; folder: string }> {
  const folder = chainFolder();
  await (await openChain(contents, { folder })).close();
  const list = peers.map((each) => `"${formatEndpoint(each)}"`).join(', ');
  const tables = `[net]\npeers = [${list}]\n${net.join('\n')}\n[chain]\nfolder = "${folder}"\ndifficulty = ${PLAN.difficulty}`;
  const node = await startTestNode([], [], [], tables);
  started.push(node);
  return { ...node, endpoint: parseEndpoint(node.node.addresses.peer ?? '', 0) as Endpoint, folder };
}

async function reached(node: TestNode, height: number): Promise<string | null> {
  for (;;) {
    const { chain } = await node.health();
    if ((chain?.height ?? 0) >= height) return chain?.tip ?? null;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('nodes', () => {
  it('come to the same chain', async () => {
    const full = await startPeer(CHAIN);
    const empty = await startPeer([], [full.endpoint]);
    expect(await reached(empty, 60)).toBe(CHAIN[59]?.hash);
  });

  it('answer a Hand with a Shake, and a Ping with a Pong', async () => {
    const full = await startPeer(CHAIN);
    const client = await openPeerClient(full.endpoint);
    expect(await client.receive('Shake')).toMatchObject({ height: 60, origin: CHAIN[0]?.hash });
    client.send({ kind: 'Ping', height: 0, hash: '' });
    expect(await client.receive('Pong')).toEqual({ kind: 'Pong', height: 60, hash: CHAIN[59]?.hash });
    client.close();
  });
});
