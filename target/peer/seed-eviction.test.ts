import { expect, it } from 'vitest';
import type { Block } from '../chain/block.js';
import { monotonicClock } from '../clock.js';
import { openBlockServer } from '../fixtures/block-server.js';
import { blocks, openChain, PLAN, SILENT } from '../fixtures/chain.js';
import { closedAfterEach } from '../fixtures/closing.js';
import { openPeerClient, type PeerClient } from '../fixtures/peer-client.js';
import { countedStructure } from '../ops/structure.js';
import { RecentBans } from './banned-ips.js';
import { FUTURE_STRUCTURE, type FutureBlock, type FutureBlocks } from './future-blocks.js';
import { BoundedInboundPeers } from './inbound-peers.js';
import { SharedNewPeers } from './new-peers.js';
import { openPeers, type PeerService } from './open-peers.js';
import { RotatingSeenBlocks } from './seen-blocks.js';
import { TAKEN } from './unasked-messages.js';
import { WindowedFutureBlocks } from './windowed-future-blocks.js';

const CHAIN = blocks(300);
const LIMIT = 100;
const WINDOW = 200;
const open = closedAfterEach();

/** Seed 000's fix: whatever comes is kept; at the limit, what is far away goes, and then the lowest, a quarter in all. */
class LowestOutFirst implements FutureBlocks {
  private readonly blocks = new Map<number, FutureBlock>();

  offer(future: FutureBlock, height: number) {
    if (this.blocks.size >= LIMIT) this.makeRoom(height);
    this.blocks.set(future.block.index, future);
    return 'kept' as const;
  }

  has(index: number): boolean {
    return this.blocks.has(index);
  }

  take(index: number): FutureBlock | null {
    const future = this.blocks.get(index) ?? null;
    this.blocks.delete(index);
    return future;
  }

  room(): null {
    return null;
  }

  advance(): void {
    return;
  }

  clear(): void {
    this.blocks.clear();
  }

  size() {
    return countedStructure(FUTURE_STRUCTURE, this.blocks.size, LIMIT);
  }

  private makeRoom(height: number): void {
    const indexes = [...this.blocks.keys()].sort((a, b) => a - b);
    const far = indexes.filter((index) => index > height + 2000 || index < height - 100);
    const lowest = indexes.slice(0, Math.max(0, LIMIT / 4 - far.length));
    for (const index of [...far, ...lowest]) this.blocks.delete(index);
  }
}

/** Syncs among four honest peers and one that floods, until the chain is complete or three times its blocks were asked for. */
async function sync(future: FutureBlocks): Promise<{ height: number; asked: number }> {
  const chain = await openChain();
  open(chain);
  const servers = await Promise.all([1, 2, 3, 4].map(() => openBlockServer(CHAIN, { depth: 10 })));
  for (const each of servers) open(each);
  const options = {
    peers: servers.map(({ endpoint }) => endpoint),
    isPublic: false,
    reach: 'loopback',
    sync: { timeoutMs: 1000, requestsPerPeer: 16, requests: LIMIT, window: LIMIT },
    upkeep: {
      limitsMs: { connecting: 5000, hello: 5000, keyed: 5000, ready: 60_000 },
      pingMs: 30_000,
      dialMs: 100,
    },
  } as const;
  const parts = {
    future,
    banned: new RecentBans(1000, monotonicClock),
    inbound: new BoundedInboundPeers({ total: 50, perAddress: 10 }),
    newPeers: new SharedNewPeers(10),
    seen: new RotatingSeenBlocks(1000),
    unasked: TAKEN,
  };
  const listen = { address: '127.0.0.1', port: 0 };
  const service = await openPeers(listen, options, parts, { chain, clock: monotonicClock, log: SILENT });
  open(service);
  const flood = floodFrom(service, chain);
  while (chain.height < CHAIN.length && service.counters.blocksAsked < CHAIN.length * 3) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  flood.close();
  return { height: chain.height, asked: service.counters.blocksAsked };
}

/** Blocks with wrong hashes at the far end of what is within reach; from another address when the last one was banned. */
function floodFrom(service: PeerService, chain: { readonly height: number }) {
  let client: PeerClient | null = null;
  let address = 1;
  let number = 0;
  const timer = setInterval(() => {
    if (client === null || client.socket.destroyed) {
      address += 1;
      const opening = openPeerClient(service.address, { from: `127.0.7.${address % 250}` });
      opening.then(
        (opened) => {
          client = opened;
        },
        () => undefined,
      );
      return;
    }
    for (let count = 0; count < 10; count += 1) {
      number += 1;
      const index = chain.height + LIMIT + 1 + (number % LIMIT);
      client.sendBlock({ ...(CHAIN[number % 250] as Block), index });
    }
  }, 1);
  return {
    close: () => {
      clearInterval(timer);
      client?.close();
    },
  };
}

it('with the lowest blocks put out first, a flood keeps out what is needed; with the farthest first, nothing is lost', async () => {
  const limits = { blocks: LIMIT, bytes: 1 << 24, window: WINDOW, difficulty: PLAN.difficulty };
  const own = await sync(new WindowedFutureBlocks(limits));
  expect(own.height).toBe(CHAIN.length);
  expect(own.asked).toBeLessThan(CHAIN.length * 1.3);
  const seeds = await sync(new LowestOutFirst());
  // Measured: 18 of 300 blocks after 900 requests, where 303 requests had brought all of them.
  expect(seeds.asked).toBeGreaterThanOrEqual(CHAIN.length * 3);
  expect(seeds.height).toBeLessThan(CHAIN.length);
});
