import { Decoder } from 'cbor-x';
import { describe, expect, it } from 'vitest';
import { CborError } from '../cbor/cbor-reader.js';
import { blocks } from '../fixtures/chain.js';
import type { Block } from './block.js';
import { decodeBlock, encodeBlock } from './block-codec.js';
import { hashForm } from './hash-form.js';

const other = new Decoder({ useRecords: false, mapsAsObjects: true });
const text = (value: string): string =>
  (0x60 + value.length).toString(16) + Buffer.from(value).toString('hex');

const BARE: Block = {
  index: 1,
  timestamp: 1_600_000_000,
  version: 0,
  difficulty: 24,
  random: 300,
  nonce: 0xffff_ffff_ffff_ffffn,
  hash: '',
  prevHash: '',
  pubKey: '',
  signature: '',
  transaction: null,
};

describe('a block on the wire', () => {
  it('without bytes and transaction is a map of six numbers', () => {
    const expected =
      `a6${text('index')}01${text('timestamp')}1a5f5e1000${text('version')}00${text('difficulty')}1818` +
      `${text('random')}19012c${text('nonce')}1bffffffffffffffff`;
    expect(encodeBlock(BARE).toString('hex')).toBe(expected);
    expect(decodeBlock(Buffer.from(expected, 'hex'))).toEqual(BARE);
  });

  it('has its bytes as upper-case hex, and the fields in the order of ALFIS', () => {
    const [, block] = blocks(2);
    const decoded = other.decode(encodeBlock(block as Block));
    expect(Object.keys(decoded)).toEqual(
      'index timestamp version difficulty random nonce hash prev_block_hash pub_key signature transaction'.split(
        ' ',
      ),
    );
    expect(decoded.hash).toMatch(/^[0-9A-F]{64}$/);
    expect(decoded.signature).toMatch(/^[0-9A-F]{128}$/);
    expect(Object.keys(decoded.transaction)).toEqual([
      'class',
      'identity',
      'confirmation',
      'signing',
      'encryption',
      'data',
    ]);
  });

  it('is read as it was written', () => {
    for (const block of blocks(5, { paddingBytes: 300 }))
      expect(decodeBlock(encodeBlock(block))).toEqual(block);
  });

  it('takes bytes that are all zero for none, and lower-case hex for upper-case', () => {
    const [origin, block] = blocks(2) as [Block, Block];
    expect(decodeBlock(encodeBlock({ ...origin, prevHash: '0'.repeat(64) }))).toEqual(origin);
    expect(decodeBlock(encodeBlock({ ...block, hash: block.hash.toLowerCase() }))).toEqual(block);
  });

  it.each([
    ['too few bytes in a hash', { hash: 'AB' }],
    ['letters that are no hex', { hash: 'X'.repeat(64) }],
    ['too many bytes in a key', { pubKey: 'AB'.repeat(33) }],
  ])('with %s is refused', (_what, wrong) => {
    expect(() => decodeBlock(encodeBlock({ ...BARE, ...wrong }))).toThrow(CborError);
  });

  it('cut anywhere is refused', () => {
    const bytes = encodeBlock(blocks(2)[1] as Block);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeBlock(bytes.subarray(0, length))).toThrow(CborError);
    }
  });
});

describe("a block's hash form", () => {
  it('has numbers little-endian, then its texts behind lengths of 64 bits, empty ones left out', () => {
    const block = { ...BARE, index: 2, prevHash: 'AB', transaction: null };
    expect(hashForm(block).toString('hex')).toBe(
      '0200000000000000' +
        '00105e5f00000000' +
        '00000000' +
        '18000000' +
        '2c010000' +
        'ffffffffffffffff' +
        '0200000000000000' +
        '4142',
    );
    const transaction = {
      class: 'domain',
      identity: 'C',
      confirmation: '',
      signing: '',
      encryption: '',
      data: '',
    };
    const behind = hashForm({ ...block, prevHash: '', transaction }).subarray(36);
    expect(behind.toString('hex')).toBe('010600000000000000646f6d61696e010000000000000043');
  });
});
