import { TAG_BYTES } from './session-cipher.js';

/** Length of the prefix in front of each frame. */
export const PREFIX_BYTES = 2;
/** The prefix is the frame's length XOR this. */
export const LENGTH_MASK = 0xaaaa;
/** Longest frame, as the prefix allows. */
export const MAX_FRAME_BYTES = 0xffff;
/** Longest message in a frame. */
export const MAX_MESSAGE_BYTES = MAX_FRAME_BYTES - TAG_BYTES;

const FIRST_BUFFER_BYTES = 1024;

/** The frame around sealed bytes. Throws `RangeError` where ALFIS would write a length that wraps: check before. */
export function writeFrame(sealed: Buffer): Buffer {
  if (sealed.length === 0 || sealed.length > MAX_FRAME_BYTES) {
    throw new RangeError(`a frame of ${sealed.length} bytes; 1 to ${MAX_FRAME_BYTES} are possible`);
  }
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + sealed.length);
  frame.writeUInt16BE(sealed.length ^ LENGTH_MASK);
  sealed.copy(frame, PREFIX_BYTES);
  return frame;
}

/** What became of a chunk: after an empty frame, which ALFIS takes for an error, the stream is of no use any more. */
export type FramesResult = 'ok' | 'empty';

/**
 * Cuts a stream into frames, however its bytes are split. Between chunks it keeps at most one incomplete frame, in a
 * buffer that grows with what has come and not with what was announced: a peer that announces 64 KB and falls silent
 * holds 1 KB.
 */
export class FrameReader {
  private partial: Buffer | null = null;
  private filled = 0;

  /** Hands each frame that `chunk` completes to `onFrame`, which may use it until it returns; false from it ends the reading. */
  read(chunk: Buffer, onFrame: (sealed: Buffer) => boolean): FramesResult {
    let at = 0;
    while (at < chunk.length) {
      const length = this.announced(chunk, at);
      if (length === 0) return 'empty';
      const end = length === null ? chunk.length : at + PREFIX_BYTES + length - this.filled;
      if (length === null || end > chunk.length) {
        this.keep(chunk.subarray(at), length);
        return 'ok';
      }
      if (this.filled > 0) this.keep(chunk.subarray(at, end), length);
      const frame =
        this.filled > 0 && this.partial !== null
          ? this.partial.subarray(PREFIX_BYTES, this.filled)
          : chunk.subarray(at + PREFIX_BYTES, end);
      [this.partial, this.filled] = [null, 0];
      if (!onFrame(frame)) return 'ok';
      at = end;
    }
    return 'ok';
  }

  /** The length of the frame that has begun; null until its prefix is there. */
  private announced(chunk: Buffer, at: number): number | null {
    const byteAt = (index: number): number | undefined =>
      index < this.filled ? this.partial?.[index] : chunk[at + index - this.filled];
    const [high, low] = [byteAt(0), byteAt(1)];
    return high === undefined || low === undefined ? null : ((high << 8) | low) ^ LENGTH_MASK;
  }

  private keep(bytes: Buffer, length: number | null): void {
    const needed = this.filled + bytes.length;
    if (this.partial === null || needed > this.partial.length) {
      const most = PREFIX_BYTES + (length ?? MAX_FRAME_BYTES);
      const larger = Buffer.allocUnsafeSlow(Math.min(most, Math.max(FIRST_BUFFER_BYTES, needed * 2)));
      this.partial?.copy(larger, 0, 0, this.filled);
      this.partial = larger;
    }
    bytes.copy(this.partial, this.filled);
    this.filled = needed;
  }
}
