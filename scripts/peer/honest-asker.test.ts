import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { seededRandom } from '../../harness/core/random.js';
import { parseLoopback } from '../../harness/load/loopback-address.js';
import { makeChain } from '../../harness/load/peer/chain/make-chain.js';
import { DEFAULT_IDENTITY, introduce } from '../../harness/load/peer/identity.js';
import { acceptPeer, type PeerConnection } from '../../harness/load/peer/peer-connection.js';
import type { PeerMessage } from '../../harness/load/peer/wire/message.js';
import { createPeerKeys } from '../../harness/load/peer/wire/peer-keys.js';
import { type HonestService, startHonestAsker } from './honest-asker.js';

const chain = makeChain({ blocks: 10, difficulty: 1, seed: 1 });
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Answer = (message: PeerMessage) => PeerMessage | null;

const honest: Answer = (message) => {
  switch (message.kind) {
    case 'Hand':
      return { kind: 'Shake', ...introduce(DEFAULT_IDENTITY), height: chain.height };
    case 'Ping':
      return { kind: 'Pong', height: chain.height, hash: chain.tip };
    case 'GetPeers':
      return { kind: 'Peers', peers: [] };
    case 'GetBlock':
      return { kind: 'Block', index: message.index, block: chain.block(Number(message.index)) as Buffer };
    default:
      return null;
  }
};

/** Asks a server that answers so, until so many questions were asked. */
async function ask(answer: Answer): Promise<HonestService> {
  const open = new Set<PeerConnection>();
  const keys = createPeerKeys();
  const server = createServer((socket) => {
    const peer: PeerConnection = acceptPeer(socket, keys, {
      onKeyed: () => open.add(peer),
      onMessage: (message) => {
        const said = answer(message);
        if (said === null) peer.close();
        else peer.send(said);
      },
      onClose: () => open.delete(peer),
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const to = parseLoopback(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  const asker = startHonestAsker(to, DEFAULT_IDENTITY, chain, chain.height, seededRandom(1));
  closing.push(() => {
    asker.close();
    server.close();
    for (const peer of open) peer.close();
  });
  let service = await asker.pause();
  while (service.asked < 20) {
    asker.resume();
    await delay(100);
    service = await asker.pause();
  }
  return service;
}

it('counts what an honest node answers', async () => {
  const { asked, answered, wrong, calls, callsAnswered } = await ask(honest);
  expect(wrong).toBe(0);
  // The first question may come before hands are shaken.
  expect(answered).toBeGreaterThanOrEqual(asked - 1);
  expect(calls).toBeGreaterThan(0);
  expect(callsAnswered).toBe(calls);
});

it.each<readonly [string, Answer]>([
  [
    'another block',
    (message) =>
      message.kind === 'GetBlock'
        ? { kind: 'Block', index: message.index, block: Buffer.from('another') }
        : honest(message),
  ],
  [
    'another tip',
    (message) =>
      message.kind === 'Ping' ? { kind: 'Pong', height: chain.height, hash: chain.origin } : honest(message),
  ],
  [
    'a shorter chain',
    (message) =>
      message.kind === 'Ping' ? { kind: 'Pong', height: 9, hash: chain.hash(9) as string } : honest(message),
  ],
])('counts %s as wrong', async (_what, answer) => {
  const { asked, answered, wrong } = await ask(answer);
  expect(wrong).toBeGreaterThan(0);
  expect(answered).toBeLessThan(asked);
});

it('counts what was open when the node closed as unanswered', async () => {
  const { asked, answered, wrong } = await ask((message) =>
    message.kind === 'GetBlock' ? null : honest(message),
  );
  expect(wrong).toBe(0);
  expect(answered).toBeLessThan(asked);
});
