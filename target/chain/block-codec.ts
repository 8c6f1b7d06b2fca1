import { CborError, CborReader } from '../cbor/cbor-reader.js';
import { CborWriter } from '../cbor/cbor-writer.js';
import type { Block, Transaction } from './block.js';

/** As long as a frame between peers can be. */
const MAX_DATA_BYTES = 0xffff;
const MAX_NAME_BYTES = 32;
const MAX_FIELDS = 16;
const MAX_U32 = 0xffff_ffff;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/**
 * The block in CBOR as peers send it: a map of its fields, bytes as hex text, those that are zero left out, all as
 * serde_cbor does for ALFIS.
 */
export function encodeBlock(block: Block): Buffer {
  const { transaction } = block;
  const bytes = present([
    ['hash', block.hash],
    ['prev_block_hash', block.prevHash],
    ['pub_key', block.pubKey],
    ['signature', block.signature],
  ]);
  const writer = new CborWriter().map(6 + bytes.length + (transaction === null ? 0 : 1));
  writer.text('index').unsigned(block.index).text('timestamp').integer(block.timestamp);
  writer.text('version').unsigned(block.version).text('difficulty').unsigned(block.difficulty);
  writer.text('random').unsigned(block.random).text('nonce').unsigned(block.nonce);
  writeTexts(writer, bytes);
  if (transaction !== null) writeTransaction(writer.text('transaction'), transaction);
  return writer.finish();
}

function writeTransaction(writer: CborWriter, transaction: Transaction): void {
  const texts = present([
    ['identity', transaction.identity],
    ['confirmation', transaction.confirmation],
    ['signing', transaction.signing],
    ['encryption', transaction.encryption],
    ['data', transaction.data],
  ]);
  writer
    .map(1 + texts.length)
    .text('class')
    .text(transaction.class);
  writeTexts(writer, texts);
}

type Texts = readonly (readonly [name: string, text: string])[];

function present(texts: Texts): Texts {
  return texts.filter(([, text]) => text !== '');
}

function writeTexts(writer: CborWriter, texts: Texts): void {
  for (const [name, text] of texts) writer.text(name).text(text);
}

/** Reads such bytes. Throws `CborError` when they are no block; says nothing about whether the block is any good. */
export function decodeBlock(bytes: Buffer): Block {
  const reader = new CborReader(bytes);
  const block: { -readonly [Name in keyof Block]?: Block[Name] } = {};
  const count = reader.readMap(MAX_FIELDS);
  for (let index = 0; index < count; index += 1) readField(reader, block);
  if (!reader.isAtEnd) throw new CborError('bytes behind the block');
  const { hash = '', prevHash = '', pubKey = '', signature = '', transaction = null } = block;
  const { index, timestamp, version, difficulty, random, nonce } = block;
  if (
    index === undefined ||
    timestamp === undefined ||
    version === undefined ||
    difficulty === undefined ||
    random === undefined ||
    nonce === undefined
  ) {
    throw new CborError('a field of the block is missing');
  }
  return {
    index,
    timestamp,
    version,
    difficulty,
    random,
    nonce,
    hash,
    prevHash,
    pubKey,
    signature,
    transaction,
  };
}

function readField(reader: CborReader, block: { -readonly [Name in keyof Block]?: Block[Name] }): void {
  const name = reader.readText(MAX_NAME_BYTES);
  switch (name) {
    case 'index':
      block.index = reader.readUnsigned(Number.MAX_SAFE_INTEGER);
      break;
    case 'timestamp':
      block.timestamp = reader.readInteger();
      break;
    case 'version':
    case 'difficulty':
    case 'random':
      block[name] = reader.readUnsigned(MAX_U32);
      break;
    case 'nonce':
      block.nonce = reader.readU64();
      break;
    case 'hash':
    case 'signature':
      block[name] = readHex(reader, name === 'hash' ? KEY_BYTES : SIGNATURE_BYTES);
      break;
    case 'prev_block_hash':
      block.prevHash = readHex(reader, KEY_BYTES);
      break;
    case 'pub_key':
      block.pubKey = readHex(reader, KEY_BYTES);
      break;
    case 'transaction':
      block.transaction = reader.readNull() ? null : readTransaction(reader);
      break;
    default:
      reader.skip();
  }
}

function readTransaction(reader: CborReader): Transaction {
  const transaction = { class: '', identity: '', confirmation: '', signing: '', encryption: '', data: '' };
  const count = reader.readMap(MAX_FIELDS);
  for (let index = 0; index < count; index += 1) {
    const name = reader.readText(MAX_NAME_BYTES);
    if (name === 'class') transaction.class = reader.readText(MAX_NAME_BYTES);
    else if (name === 'data') transaction.data = reader.readText(MAX_DATA_BYTES);
    else if (name === 'identity' || name === 'confirmation' || name === 'signing' || name === 'encryption') {
      transaction[name] = readHex(reader, KEY_BYTES);
    } else reader.skip();
  }
  return transaction;
}

function readHex(reader: CborReader, bytes: number): string {
  const text = reader.readText(bytes * 2);
  if (text === '' || /^0+$/.test(text)) return '';
  if (text.length !== bytes * 2 || !/^[0-9A-Fa-f]+$/.test(text)) {
    throw new CborError(`expected ${bytes} bytes as hex`);
  }
  return text.toUpperCase();
}
