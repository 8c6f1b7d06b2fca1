/** Takes messages out of a stream; `bytes` are only valid during the call. */
export type FrameListener = (bytes: Buffer) => void;

const LENGTH_BYTES = 2;

/** Puts the length in front of a message (RFC 1035 §4.2.2). */
export function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(LENGTH_BYTES + message.length);
  framed.writeUInt16BE(message.length, 0);
  message.copy(framed, LENGTH_BYTES);
  return framed;
}

/**
 * Makes a reader of a stream of messages, however it is cut into chunks. It keeps at most the beginning of one
 * message, which is below 64 KiB.
 */
export function createFrameReader(onMessage: FrameListener): (chunk: Buffer) => void {
  let kept: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    let at = 0;
    while (at + LENGTH_BYTES <= bytes.length) {
      const end = at + LENGTH_BYTES + bytes.readUInt16BE(at);
      if (end > bytes.length) break;
      onMessage(bytes.subarray(at + LENGTH_BYTES, end));
      at = end;
    }
    // A copy: the chunk may be a piece of something large.
    kept = at === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
  };
}
