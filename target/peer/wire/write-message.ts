import { CborWriter } from '../../cbor/cbor-writer.js';
import type { Introduction, Message } from './message.js';

/**
 * The message in CBOR, byte for byte as serde_cbor writes ALFIS's enum: a variant without fields is its name, another
 * one a map of one pair from its name to its fields, in their order.
 */
export function writeMessage(message: Message): Buffer {
  const writer = new CborWriter();
  switch (message.kind) {
    case 'Hand':
      return introduce(variant(writer, 'Hand', 5), message).finish();
    case 'Shake':
      return introduce(variant(writer, 'Shake', 6), message)
        .text('height')
        .unsigned(message.height)
        .finish();
    case 'Ping':
    case 'Pong':
      variant(writer, message.kind, 2).text('height').unsigned(message.height);
      return writer.text('hash').text(message.hash).finish();
    case 'Peers':
      variant(writer, 'Peers', 1).text('peers').array(message.peers.length);
      for (const peer of message.peers) writer.text(peer);
      return writer.finish();
    case 'GetBlock':
      return variant(writer, 'GetBlock', 1).text('index').unsigned(message.index).finish();
    case 'Block':
      variant(writer, 'Block', 2).text('index').unsigned(message.index);
      return writer.text('block').byteArray(message.block).finish();
    default:
      return writer.text(message.kind).finish();
  }
}

function variant(writer: CborWriter, name: string, fields: number): CborWriter {
  return writer.map(1).text(name).map(fields);
}

function introduce(writer: CborWriter, { appVersion, origin, version, isPublic, randomId }: Introduction) {
  writer.text('app_version').text(appVersion).text('origin').text(origin);
  writer.text('version').unsigned(version).text('public').boolean(isPublic);
  return writer.text('rand_id').text(randomId);
}
