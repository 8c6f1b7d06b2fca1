import { describe, expect, it } from 'vitest';
import { MAX_MESSAGE_BYTES } from './frames.js';
import type { PeerMessage } from './message.js';
import { PeerProtocolError } from './peer-protocol-error.js';
import { readMessage } from './read-message.js';
import { writeMessage } from './write-message.js';

const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const HASH = 'AB'.repeat(32);

/** Written down from RFC 8949 and ALFIS's form of an enum: heads in hex, names in letters. */
const VECTORS: readonly (readonly [PeerMessage, string])[] = [
  [{ kind: 'Twin' }, `64${ascii('Twin')}`],
  [{ kind: 'GetPeers' }, `68${ascii('GetPeers')}`],
  [
    { kind: 'Hand', appVersion: '0.8.8', origin: '', version: 1, isPublic: false, randId: 'abc123' },
    `a164${ascii('Hand')}a56b${ascii('app_version')}65${ascii('0.8.8')}66${ascii('origin')}60` +
      `67${ascii('version')}0166${ascii('public')}f467${ascii('rand_id')}66${ascii('abc123')}`,
  ],
  [
    {
      kind: 'Shake',
      appVersion: '0.8.8',
      origin: HASH,
      version: 1,
      isPublic: true,
      randId: 'x',
      height: 256,
    },
    `a165${ascii('Shake')}a66b${ascii('app_version')}65${ascii('0.8.8')}66${ascii('origin')}7840${ascii(HASH)}` +
      `67${ascii('version')}0166${ascii('public')}f567${ascii('rand_id')}61${ascii('x')}66${ascii('height')}190100`,
  ],
  [
    { kind: 'Ping', height: 23, hash: HASH },
    `a164${ascii('Ping')}a266${ascii('height')}1764${ascii('hash')}7840${ascii(HASH)}`,
  ],
  [
    { kind: 'Pong', height: 24, hash: '' },
    `a164${ascii('Pong')}a266${ascii('height')}181864${ascii('hash')}60`,
  ],
  [{ kind: 'Peers', peers: [] }, `a165${ascii('Peers')}a165${ascii('peers')}80`],
  [
    { kind: 'Peers', peers: ['127.0.0.1:4244', '[::1]:4244'] },
    `a165${ascii('Peers')}a165${ascii('peers')}826e${ascii('127.0.0.1:4244')}6a${ascii('[::1]:4244')}`,
  ],
  [{ kind: 'GetBlock', index: 2 ** 32 - 1 }, `a168${ascii('GetBlock')}a165${ascii('index')}1affffffff`],
  [{ kind: 'GetBlock', index: 2 ** 33 }, `a168${ascii('GetBlock')}a165${ascii('index')}1b0000000200000000`],
  [{ kind: 'GetBlock', index: 2n ** 63n }, `a168${ascii('GetBlock')}a165${ascii('index')}1b8000000000000000`],
  [
    { kind: 'Block', index: 7, block: Buffer.from('001718ff', 'hex') },
    `a165${ascii('Block')}a265${ascii('index')}0765${ascii('block')}840017181818ff`,
  ],
  [
    { kind: 'Block', index: 2 ** 40, block: Buffer.alloc(24, 1) },
    `a165${ascii('Block')}a265${ascii('index')}1b000001000000000065${ascii('block')}9818${'01'.repeat(24)}`,
  ],
  [
    { kind: 'Block', index: 1, block: Buffer.alloc(0x1234, 0x18) },
    `a165${ascii('Block')}a265${ascii('index')}0165${ascii('block')}991234${'1818'.repeat(0x1234)}`,
  ],
];

describe('a message between peers', () => {
  it.each(VECTORS.map(([message, hex]) => [message.kind, message, hex] as const))(
    '%s is written byte for byte, and read again',
    (_kind, message, hex) => {
      expect(writeMessage(message).toString('hex')).toBe(hex);
      expect(readMessage(Buffer.from(hex, 'hex'))).toEqual(message);
    },
  );

  it('of a block fits a frame up to 32 KiB of bytes that take two', () => {
    const most = Math.floor((MAX_MESSAGE_BYTES - 24) / 2);
    const message = writeMessage({ kind: 'Block', index: 1, block: Buffer.alloc(most, 0xff) });
    expect(message.length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(message.length).toBeGreaterThan(MAX_MESSAGE_BYTES - 4);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['half of a message', 'a164'],
    ['two messages', '645477696e645477696e'],
    ['an unknown word', `64${ascii('Twit')}`],
    ['an unknown variant', `a164${ascii('Pink')}a0`],
    ['a variant with a field missing', `a164${ascii('Ping')}a166${ascii('height')}01`],
    ['a height below 0', `a164${ascii('Ping')}a266${ascii('height')}2064${ascii('hash')}60`],
    ['a height that is no whole number', `a168${ascii('GetBlock')}a165${ascii('index')}fb3ff8000000000000`],
    [
      'a block with a number above 255',
      `a165${ascii('Block')}a265${ascii('index')}0165${ascii('block')}81190100`,
    ],
    ['a block of a byte string', `a165${ascii('Block')}a265${ascii('index')}0165${ascii('block')}4101`],
  ])('is refused when it is %s', (_what, hex) => {
    expect(() => readMessage(Buffer.from(hex, 'hex'))).toThrow(PeerProtocolError);
  });
});
