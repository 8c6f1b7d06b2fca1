import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CborError } from '../cbor/cbor-reader.js';
import type { Block } from '../chain/block.js';
import { decodeBlock, encodeBlock } from '../chain/block-codec.js';
import { blocks } from '../fixtures/chain.js';
import { liveHeapBytes } from '../fixtures/live-heap.js';
import { openPeerClient } from '../fixtures/peer-client.js';
import { startTestPeer, type TestPeer } from '../fixtures/peer-node.js';
import { writeFrame } from './wire/frame.js';
import { writeClientHello } from './wire/hello.js';
import { createAgreementKey } from './wire/key-agreement.js';
import type { Message } from './wire/message.js';
import { readMessage } from './wire/read-message.js';
import { SessionCipher } from './wire/session-cipher.js';
import { writeMessage } from './wire/write-message.js';

const CHAIN = blocks(3, { paddingBytes: 200 });
const INTRODUCTION = { appVersion: '0.8.8', origin: '', version: 1, isPublic: true, randomId: 'fuzzed' };
const MESSAGES: readonly Message[] = [
  { kind: 'Hand', ...INTRODUCTION },
  { kind: 'Shake', ...INTRODUCTION, height: 3 },
  { kind: 'Ping', height: 3, hash: 'AB'.repeat(32) },
  { kind: 'Pong', height: 2 ** 40, hash: '' },
  { kind: 'GetPeers' },
  { kind: 'Peers', peers: ['127.0.0.2:4244', '[::1]:1'] },
  { kind: 'GetBlock', index: 2 },
  { kind: 'Block', index: 2, block: encodeBlock(CHAIN[1] as Block) },
  { kind: 'Twin' },
];

/** Changes to bytes: each sets, removes or repeats some of them. */
const changes = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'remove', 'repeat'),
    at: fc.nat(2000),
    length: fc.integer({ min: 1, max: 8 }),
    value: fc.integer({ min: 0, max: 255 }),
  }),
  { minLength: 1, maxLength: 5 },
);
type Changes = typeof changes extends fc.Arbitrary<infer Value> ? Value : never;

function changed(bytes: Buffer, list: Changes): Buffer {
  let result = Buffer.from(bytes);
  for (const { kind, at: anywhere, length, value } of list) {
    const at = result.length === 0 ? 0 : anywhere % result.length;
    const [before, part, after] = [
      result.subarray(0, at),
      result.subarray(at, at + length),
      result.subarray(at + length),
    ];
    if (kind === 'remove') result = Buffer.concat([before, after]);
    else if (kind === 'repeat') result = Buffer.concat([before, part, part, after]);
    else result = Buffer.concat([before, Buffer.alloc(part.length, value), after]);
  }
  return result;
}

function throwsOnlyCborErrors(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(CborError);
  }
}

describe('changed bytes', () => {
  it('of messages are read or refused', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MESSAGES), changes, (message, list) => {
        throwsOnlyCborErrors(() => readMessage(changed(writeMessage(message), list)));
      }),
      { numRuns: 5000 },
    );
  });

  it('of blocks are read or refused', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CHAIN), changes, (block, list) => {
        throwsOnlyCborErrors(() => decodeBlock(changed(encodeBlock(block), list)));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a node', () => {
  let node: TestPeer;
  beforeAll(async () => {
    node = await startTestPeer({ blocks: CHAIN, net: ['reach = "loopback"', 'dial_interval_sec = 100'] });
  });
  afterAll(() => node.close());

  async function isServed(): Promise<void> {
    const client = await openPeerClient(node.peer, { from: '127.0.0.3' });
    await client.receive('Shake');
    client.send({ kind: 'GetBlock', index: 2 });
    expect(decodeBlock((await client.receive('Block')).block)).toEqual(CHAIN[1]);
    client.close();
    await client.closed;
  }

  it('outlives streams of bytes in the place of a hello', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 600 }), async (bytes) => {
        const socket = await opened(node, '127.0.0.4');
        await ended(socket, Buffer.from(bytes));
      }),
      { numRuns: 150 },
    );
    await isServed();
  });

  it('outlives changed messages in good frames, and good messages in changed ones', async () => {
    const input = fc.tuple(fc.array(fc.constantFrom(...MESSAGES), { maxLength: 6 }), changes, fc.boolean());
    let number = 0;
    const run = async (messages: readonly Message[], list: Changes, isInFrame: boolean): Promise<void> => {
      number += 1;
      const from = `127.0.${4 + (number >> 8)}.${number & 255}`;
      const { socket, cipher } = await keyed(node, from);
      const hand = writeFrame(
        cipher.seal(writeMessage({ kind: 'Hand', ...INTRODUCTION, randomId: `${number}` })),
      );
      const frames = messages.map((message) => {
        const bytes = writeMessage(message);
        const inner = isInFrame ? changed(bytes, list) : bytes;
        return writeFrame(cipher.seal(inner));
      });
      const stream = Buffer.concat(frames);
      await ended(socket, Buffer.concat([hand, isInFrame ? stream : changed(stream, list)]));
    };
    await fc.assert(
      fc.asyncProperty(input, (each) => run(...each)),
      { numRuns: 150 },
    );
    await isServed();
    const before = liveHeapBytes();
    await fc.assert(
      fc.asyncProperty(input, (each) => run(...each)),
      { numRuns: 300 },
    );
    await isServed();
    // Bans are kept, within their limit; the connections are not.
    expect(liveHeapBytes() - before).toBeLessThan(1_000_000);
    expect(await node.entries('inbound_peers')).toBe(0);
    expect((await node.chain()).counters.internalErrors).toBe(0);
  });
});

async function opened(node: TestPeer, localAddress: string): Promise<Socket> {
  const socket = connect({ host: node.peer.address, port: node.peer.port, localAddress });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

/** A connection with a key, by a side that does everything itself. */
async function keyed(node: TestPeer, localAddress: string) {
  const key = createAgreementKey();
  const socket = await opened(node, localAddress);
  socket.write(writeClientHello(key.publicKey));
  const hello: Buffer = await new Promise((resolve) => socket.once('data', resolve));
  const start = 1 + ((hello[0] ?? 0) ^ 0x0a);
  const secret = key.agree(hello.subarray(start, start + 32));
  if (secret === null) throw new Error('no secret');
  return { socket, cipher: new SessionCipher(secret, Buffer.from(hello.subarray(start + 32, start + 44))) };
}

/** Sends the last bytes and waits until the connection is gone. */
async function ended(socket: Socket, bytes: Buffer): Promise<void> {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  socket.end(bytes);
  await closed;
}
