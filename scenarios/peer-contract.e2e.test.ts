/**
 * The loads and the node each have an implementation of ALFIS's protocol of their own, and share nothing. Here they are
 * held together: by bytes written down from the protocol, which both must write and read, and by the loads at the node.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { makeChain } from '../harness/load/peer/chain/make-chain.js';
import {
  burst,
  driverAt,
  exchange,
  stopBalanced,
  sync,
  syncAt,
  tearDown,
} from '../harness/load/peer/fixtures/peer-plans.js';
import { openSealed, sealFrame } from '../harness/load/peer/wire/frames.js';
import * as hello from '../harness/load/peer/wire/hello.js';
import type { PeerMessage } from '../harness/load/peer/wire/message.js';
import { createPeerKeys } from '../harness/load/peer/wire/peer-keys.js';
import { readMessage } from '../harness/load/peer/wire/read-message.js';
import { writeMessage } from '../harness/load/peer/wire/write-message.js';
import { decodeBlock, encodeBlock } from '../target/chain/block-codec.js';
import { isProven } from '../target/chain/proof.js';
import { parseEndpoint } from '../target/endpoint.js';
import { PLAN } from '../target/fixtures/chain.js';
import { closedAfterEach } from '../target/fixtures/closing.js';
import { startTestPeer, type TestPeerOptions } from '../target/fixtures/peer-node.js';
import { writeFrame } from '../target/peer/wire/frame.js';
import * as nodeHello from '../target/peer/wire/hello.js';
import { createAgreementKey } from '../target/peer/wire/key-agreement.js';
import type { Message } from '../target/peer/wire/message.js';
import { readMessage as nodeRead } from '../target/peer/wire/read-message.js';
import { SessionCipher } from '../target/peer/wire/session-cipher.js';
import { writeMessage as nodeWrite } from '../target/peer/wire/write-message.js';

const open = closedAfterEach();
afterEach(tearDown);

const text = (word: string): string =>
  (word.length < 24 ? (0x60 + word.length).toString(16) : `78${word.length.toString(16)}`) +
  Buffer.from(word).toString('hex');
const HASH = '0A'.repeat(32);
const SELF = { appVersion: '0.8.8', version: 1 } as const;

/** Each message in the harness's words and in the bytes that serde_cbor makes of ALFIS's enum. */
const MESSAGES: readonly (readonly [PeerMessage, string])[] = [
  [{ kind: 'Error' }, text('Error')],
  [{ kind: 'Twin' }, text('Twin')],
  [{ kind: 'Loop' }, text('Loop')],
  [{ kind: 'GetPeers' }, text('GetPeers')],
  [
    { kind: 'Hand', ...SELF, origin: '', isPublic: false, randId: 'aB3xYz' },
    `a1${text('Hand')}a5${text('app_version')}${text('0.8.8')}${text('origin')}60${text('version')}01` +
      `${text('public')}f4${text('rand_id')}${text('aB3xYz')}`,
  ],
  [
    { kind: 'Shake', ...SELF, origin: HASH, isPublic: true, randId: 'aB3xYz', height: 22_500 },
    `a1${text('Shake')}a6${text('app_version')}${text('0.8.8')}${text('origin')}${text(HASH)}${text('version')}01` +
      `${text('public')}f5${text('rand_id')}${text('aB3xYz')}${text('height')}1957e4`,
  ],
  [
    { kind: 'Ping', height: 23, hash: 'FF00' },
    `a1${text('Ping')}a2${text('height')}17${text('hash')}${text('FF00')}`,
  ],
  [
    { kind: 'Pong', height: 2 ** 40, hash: '' },
    `a1${text('Pong')}a2${text('height')}1b0000010000000000${text('hash')}60`,
  ],
  [
    { kind: 'Peers', peers: ['127.0.0.1:4244', '[::1]:4244'] },
    `a1${text('Peers')}a1${text('peers')}82${text('127.0.0.1:4244')}${text('[::1]:4244')}`,
  ],
  [{ kind: 'GetBlock', index: 2 ** 32 }, `a1${text('GetBlock')}a1${text('index')}1b0000000100000000`],
  [
    { kind: 'Block', index: 256, block: Buffer.of(0, 23, 24, 255) },
    `a1${text('Block')}a2${text('index')}190100${text('block')}840017181818ff`,
  ],
];

/** A message under the node's names. */
function asNode(message: PeerMessage): Message {
  if (!('randId' in message)) return message as Message;
  const { randId, ...rest } = message;
  return { ...rest, randomId: randId } as Message;
}

describe('the bytes of the loads and of the node', () => {
  it.each(MESSAGES)('are the same for %o', (message, hex) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(writeMessage(message).toString('hex')).toBe(hex);
    expect(nodeWrite(asNode(message)).toString('hex')).toBe(hex);
    expect(readMessage(bytes)).toEqual(message);
    expect(nodeRead(bytes)).toEqual(asNode(message));
  });

  it('are the same for a sealed frame, which is that of RFC 8439 §2.8.2 but for its tag', () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, at) => 0x80 + at));
    const nonce = Buffer.from('070000004041424344454647', 'hex');
    const plain = Buffer.from('Ladies and Gentlemen of the class of');
    const frame = sealFrame({ key, nonce }, plain);
    expect(frame.subarray(0, 18).toString('hex')).toBe('aa9ed31a8d34648e60db7b86afbc53ef7ec2');
    expect(writeFrame(new SessionCipher(key, nonce).seal(plain))).toEqual(frame);
    const sealed = frame.subarray(2);
    expect(new SessionCipher(key, nonce).open(sealed)).toEqual(plain);
    expect(openSealed({ key, nonce }, sealed)).toEqual(plain);
  });

  it('are understood for both hellos, and lead to the same secret', () => {
    const [load, node] = [createPeerKeys(), createAgreementKey()];
    const nonce = Buffer.alloc(12, 9);
    const called = new nodeHello.ClientHelloReader().read(hello.writeClientHello(load.publicKey));
    expect(called).toEqual({ publicKey: load.publicKey, rest: Buffer.alloc(0) });
    const answer = nodeHello.writeServerHello({ publicKey: node.publicKey, nonce });
    expect(hello.createHelloReader(44)(answer)?.tail).toEqual(Buffer.concat([node.publicKey, nonce]));
    expect(hello.createHelloReader(32)(nodeHello.writeClientHello(node.publicKey))?.tail).toEqual(
      node.publicKey,
    );
    const answered = new nodeHello.ServerHelloReader().read(hello.writeServerHello(load.publicKey, nonce));
    expect(answered).toMatchObject({ publicKey: load.publicKey, nonce });
    expect(load.agree(node.publicKey)).toEqual(node.agree(load.publicKey));
  });

  it('are the same for blocks, and the work and signatures of the loads are good at the node', () => {
    const chain = makeChain({ blocks: 12, difficulty: PLAN.difficulty, seed: 7 });
    for (let index = 1; index <= chain.height; index++) {
      const form = chain.block(index) as Buffer;
      const block = decodeBlock(form);
      expect(encodeBlock(block)).toEqual(form);
      expect(block).toMatchObject({ index, hash: chain.hash(index), prevHash: chain.hash(index - 1) ?? '' });
      expect(isProven(block, PLAN.difficulty)).toBe(true);
    }
  });
});

const CHAIN = { blocks: 120, difficulty: PLAN.difficulty, seed: 3 } as const;

async function node(options: TestPeerOptions = {}) {
  const started = open(await startTestPeer(options));
  return { ...started, address: started.node.addresses.peer as string };
}

describe('a load at the node', () => {
  it('gives it the whole chain while an attacker floods, and the node has the same last block', async () => {
    const target = await node({ net: ['block_timeout_sec = 0.5'] });
    const { driver } = await syncAt(target, sync({ chain: CHAIN }));
    driver.start();
    const outcome = await driver.probe(15_000);
    expect(outcome.message).toMatch(/has all 120 blocks and the same last block/);
    const { tip } = makeChain(CHAIN);
    expect(await target.chain()).toMatchObject({ height: 120, tip });
    expect((await target.chain()).counters.bans).toBeGreaterThan(0);
    await stopBalanced(driver);
  });

  it('serves it the chain when the node is who calls', async () => {
    const aside = await node();
    const { upstream } = await syncAt(aside, sync({ chain: CHAIN, loss: 0 }));
    const peer = parseEndpoint(upstream, 0);
    if (peer === null) throw new Error('unreachable: an address of ours');
    const target = await node({ peers: [peer] });
    const { tip } = makeChain(CHAIN);
    expect(await target.until(({ height }) => height === 120)).toMatchObject({ tip });
  });

  it.each([
    ['blocks', burst(), 'future_blocks', 'future-blocks'],
    ['addresses', exchange({ ratePerSec: 100 }), 'new_peers', 'new-peers'],
  ] as const)(
    'of %s that nobody asked for fills what the fault leaves open, and nothing else',
    async (_what, plan, structure, fault) => {
      const entriesOf = async (faults: TestPeerOptions['faults'] = []): Promise<number> => {
        const target = await node({ faults });
        const driver = await driverAt(target, plan);
        driver.start();
        await expect.poll(() => driver.tick().counters.answered, { timeout: 10_000 }).toBeGreaterThan(300);
        expect(await stopBalanced(driver)).toMatchObject({ wrong: 0, timeouts: 0 });
        return (await target.entries(structure)) ?? Number.NaN;
      };
      expect(await entriesOf([fault])).toBeGreaterThan(250);
      expect(await entriesOf()).toBeLessThan(250);
    },
  );
});
