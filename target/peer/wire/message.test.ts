import { Decoder } from 'cbor-x';
import { describe, expect, it } from 'vitest';
import { CborError } from '../../cbor/cbor-reader.js';
import type { Message } from './message.js';
import { readMessage } from './read-message.js';
import { writeMessage } from './write-message.js';

const other = new Decoder({ useRecords: false, mapsAsObjects: true });
const hex = (...parts: readonly string[]): Buffer => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
const text = (value: string): string =>
  (0x60 + value.length).toString(16) + Buffer.from(value).toString('hex');

/** Byte by byte after the description of ALFIS's wire: what serde_cbor makes of its enum. */
const VECTORS: readonly (readonly [what: string, message: Message, bytes: Buffer])[] = [
  ['Error', { kind: 'Error' }, hex('65 4572726f72')],
  ['Twin', { kind: 'Twin' }, hex('64 5477696e')],
  ['Loop', { kind: 'Loop' }, hex('64 4c6f6f70')],
  ['GetPeers', { kind: 'GetPeers' }, hex('68 4765745065657273')],
  [
    'Hand',
    { kind: 'Hand', appVersion: '0.8.8', origin: '', version: 1, isPublic: false, randomId: 'aB3xYz' },
    hex(
      'a1 64 48616e64 a5',
      '6b 6170705f76657273696f6e 65 302e382e38',
      '66 6f726967696e 60',
      '67 76657273696f6e 01',
      '66 7075626c6963 f4',
      '67 72616e645f6964 66 61423378597a',
    ),
  ],
  [
    'Shake',
    {
      kind: 'Shake',
      appVersion: '0.8.8',
      origin: '0A'.repeat(32),
      version: 1,
      isPublic: true,
      randomId: 'aB3xYz',
      height: 22_500,
    },
    hex(
      `a1${text('Shake')}a6`,
      `${text('app_version')}${text('0.8.8')}`,
      `${text('origin')}7840${Buffer.from('0A'.repeat(32)).toString('hex')}`,
      `${text('version')}01${text('public')}f5${text('rand_id')}${text('aB3xYz')}`,
      `${text('height')}1957e4`,
    ),
  ],
  [
    'Ping',
    { kind: 'Ping', height: 23, hash: 'FF00' },
    hex('a1 64 50696e67 a2 66 686569676874 17 64 68617368 64 46463030'),
  ],
  ['Pong', { kind: 'Pong', height: 0, hash: '' }, hex('a1 64 506f6e67 a2 66 686569676874 00 64 68617368 60')],
  [
    'Peers',
    { kind: 'Peers', peers: ['1.2.3.4:4244', '[::1]:4244'] },
    hex('a1 65 5065657273 a1 65 7065657273 82 6c 312e322e332e343a34323434 6a 5b3a3a315d3a34323434'),
  ],
  [
    'GetBlock',
    { kind: 'GetBlock', index: 8_589_934_592 },
    hex('a1 68 476574426c6f636b a1 65 696e646578 1b 0000000200000000'),
  ],
  [
    'Block',
    { kind: 'Block', index: 256, block: Buffer.of(0, 23, 24, 255) },
    hex('a1 65 426c6f636b a2 65 696e646578 190100 65 626c6f636b 84 00 17 1818 18ff'),
  ],
];

describe('messages on the wire', () => {
  it.each(VECTORS)('%s is written as ALFIS writes it, and read', (_what, message, bytes) => {
    expect(writeMessage(message).toString('hex')).toBe(bytes.toString('hex'));
    expect(readMessage(bytes)).toEqual(message);
  });

  it('is what another implementation reads', () => {
    const bytes = writeMessage({ kind: 'Block', index: 1, block: Buffer.of(1, 200) });
    expect(other.decode(bytes)).toEqual({ Block: { index: 1, block: [1, 200] } });
  });

  it('reads fields in any order and reads over those that it does not know', () => {
    const bytes = hex(
      `a1${text('Ping')}a3`,
      `${text('hash')}${text('ab')}${text('extra')}82f601${text('height')}05`,
    );
    expect(readMessage(bytes)).toEqual({ kind: 'Ping', height: 5, hash: 'AB' });
  });

  it('takes a height above 2^53 for 2^53 - 1', () => {
    const bytes = hex(`a1${text('GetBlock')}a1${text('index')}1bffffffffffffffff`);
    expect(readMessage(bytes)).toEqual({ kind: 'GetBlock', index: Number.MAX_SAFE_INTEGER });
  });

  it.each([
    ['an unknown name', hex(text('Ouch'))],
    ['an unknown variant', hex(`a1${text('Ouch')}a0`)],
    ['a variant with fields as a bare name', hex(text('Ping'))],
    ['two variants', hex(`a2${text('Ping')}a0${text('Pong')}a0`)],
    ['a missing field', hex(`a1${text('Ping')}a1${text('height')}05`)],
    ['a field of another type', hex(`a1${text('GetBlock')}a1${text('index')}${text('5')}`)],
    ['bytes behind it', Buffer.concat([writeMessage({ kind: 'Twin' }), Buffer.of(0)])],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', (_what, bytes) => {
    expect(() => readMessage(bytes)).toThrow(CborError);
  });
});
