import { decodeCbor } from './cbor.js';
import type { Introduction, PeerMessage, U64 } from './message.js';
import { PeerProtocolError } from './peer-protocol-error.js';

const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

type Fields = Readonly<Record<string, unknown>>;

/** Reads a message. Throws `PeerProtocolError` for bytes that are none. */
export function readMessage(bytes: Buffer): PeerMessage {
  const value = decode(bytes);
  if (value === 'Error' || value === 'Twin' || value === 'Loop' || value === 'GetPeers') {
    return { kind: value };
  }
  const [entry, ...more] = isFields(value) ? Object.entries(value) : [];
  if (entry === undefined || more.length > 0 || !isFields(entry[1])) throw unlike(value);
  const [kind, fields] = entry;
  switch (kind) {
    case 'Hand':
      return { kind, ...introduction(fields) };
    case 'Shake':
      return { kind, ...introduction(fields), height: u64(fields, 'height') };
    case 'Ping':
    case 'Pong':
      return { kind, height: u64(fields, 'height'), hash: text(fields, 'hash') };
    case 'Peers':
      return { kind, peers: array(fields, 'peers', isText) };
    case 'GetBlock':
      return { kind, index: u64(fields, 'index') };
    case 'Block':
      return { kind, index: u64(fields, 'index'), block: Buffer.from(array(fields, 'block', isByte)) };
    default:
      throw unlike(value);
  }
}

function decode(bytes: Buffer): unknown {
  try {
    return decodeCbor(bytes);
  } catch (error) {
    throw new PeerProtocolError(`a message that is not CBOR: ${(error as Error).message}`);
  }
}

function introduction(fields: Fields): Introduction {
  const { version, public: isPublic } = fields;
  if (typeof version !== 'number' || typeof isPublic !== 'boolean') throw unlike(fields);
  return {
    appVersion: text(fields, 'app_version'),
    origin: text(fields, 'origin'),
    version,
    isPublic,
    randId: text(fields, 'rand_id'),
  };
}

function u64(fields: Fields, name: string): U64 {
  const value = fields[name];
  if (typeof value === 'bigint' && value >= 0n) return value > MAX_EXACT ? value : Number(value);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw unlike(fields);
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (!isText(value)) throw unlike(fields);
  return value;
}

function array<T>(fields: Fields, name: string, isItem: (item: unknown) => item is T): T[] {
  const value = fields[name];
  if (!Array.isArray(value) || !value.every(isItem)) throw unlike(fields);
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xff;
}

function unlike(value: unknown): PeerProtocolError {
  const shown = isFields(value) ? `{${Object.keys(value).slice(0, 6).join(', ')}}` : typeof value;
  return new PeerProtocolError(`a message that ALFIS does not have: ${shown}`);
}
