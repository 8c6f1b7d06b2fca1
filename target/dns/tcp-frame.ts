import { PREFIX_BYTES } from './frame-reader.js';

/** The message with its length in front (RFC 1035 §4.2.2), in a buffer of its own. */
export function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  framed.writeUInt16BE(message.length, 0);
  message.copy(framed, PREFIX_BYTES);
  return framed;
}
