import { CborError, CborReader } from '../../cbor/cbor-reader.js';
import { MAX_MESSAGE_BYTES } from './frame.js';
import type { Message } from './message.js';

/** Longest text that says who a peer is; ours have at most 64 characters. */
const MAX_NAME_BYTES = 128;
/** Longest `address:port`. */
const MAX_ADDRESS_BYTES = 64;
const MAX_FIELDS = 16;
const MAX_U32 = 0xffff_ffff;

/** Fields as they were read. Each kind has the ones that its message needs. */
interface Field {
  app_version: string;
  origin: string;
  version: number;
  public: boolean;
  rand_id: string;
  height: number;
  hash: string;
  index: number;
  peers: string[];
  block: Buffer;
}
type Fields = Partial<Field>;
type FieldReaders = { readonly [Name in keyof Field]: (reader: CborReader) => Field[Name] };

const READERS: FieldReaders = {
  app_version: (reader) => reader.readText(MAX_NAME_BYTES),
  origin: (reader) => reader.readText(MAX_NAME_BYTES),
  version: (reader) => reader.readUnsigned(MAX_U32),
  public: (reader) => reader.readBoolean(),
  rand_id: (reader) => reader.readText(MAX_NAME_BYTES),
  height: readHeight,
  hash: (reader) => reader.readText(MAX_NAME_BYTES).toUpperCase(),
  index: readHeight,
  peers: (reader) => {
    const count = reader.readArray(MAX_MESSAGE_BYTES);
    return Array.from({ length: count }, () => reader.readText(MAX_ADDRESS_BYTES));
  },
  block: (reader) => reader.readByteArray(MAX_MESSAGE_BYTES),
};

const UNITS = ['Error', 'Twin', 'Loop', 'GetPeers'] as const;

/** Reads a message. Throws `CborError` when it is none; fields that are not known are read over, as serde does. */
export function readMessage(bytes: Buffer): Message {
  const reader = new CborReader(bytes);
  const message = reader.isAtText ? readUnit(reader) : readVariant(reader);
  if (!reader.isAtEnd) throw new CborError('bytes behind the message');
  return message;
}

function readUnit(reader: CborReader): Message {
  const name = reader.readText(MAX_NAME_BYTES);
  const kind = UNITS.find((each) => each === name);
  if (kind === undefined) throw new CborError(`there is no message ${name}`);
  return { kind };
}

function readVariant(reader: CborReader): Message {
  if (reader.readMap(1) !== 1) throw new CborError('expected a map of one pair');
  const kind = reader.readText(MAX_NAME_BYTES);
  const fields = readFields(reader);
  switch (kind) {
    case 'Hand':
      return { kind, ...introduction(fields) };
    case 'Shake':
      return { kind, ...introduction(fields), height: required(fields, 'height') };
    case 'Ping':
    case 'Pong':
      return { kind, height: required(fields, 'height'), hash: required(fields, 'hash') };
    case 'Peers':
      return { kind, peers: required(fields, 'peers') };
    case 'GetBlock':
      return { kind, index: required(fields, 'index') };
    case 'Block':
      return { kind, index: required(fields, 'index'), block: required(fields, 'block') };
    default:
      throw new CborError(`there is no message ${kind}`);
  }
}

function introduction(fields: Fields) {
  return {
    appVersion: required(fields, 'app_version'),
    origin: required(fields, 'origin').toUpperCase(),
    version: required(fields, 'version'),
    isPublic: required(fields, 'public'),
    randomId: required(fields, 'rand_id'),
  };
}

function required<Name extends keyof Field>(fields: Fields, name: Name): Field[Name] {
  const value: Field[Name] | undefined = fields[name];
  if (value === undefined) throw new CborError(`the field ${name} is missing`);
  return value;
}

function readFields(reader: CborReader): Fields {
  const fields: Fields = {};
  const count = reader.readMap(MAX_FIELDS);
  for (let index = 0; index < count; index += 1) {
    const name = reader.readText(MAX_NAME_BYTES);
    if (isFieldName(name)) readInto(fields, name, reader);
    else reader.skip();
  }
  return fields;
}

function readInto<Name extends keyof Field>(fields: Fields, name: Name, reader: CborReader): void {
  fields[name] = READERS[name](reader);
}

function isFieldName(name: string): name is keyof Field {
  return Object.hasOwn(READERS, name);
}

/** Nobody's chain is longer than 2^53: a larger claim is as false as that one. */
function readHeight(reader: CborReader): number {
  const value = reader.readU64();
  return value > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(value);
}
