import type { DatagramNames } from './datagram-names.js';
import { HEADER_BYTES } from './wire.js';

/** Characters after which the event loop gets its turn. */
const SLICE_CHARS = 1 << 20;
/** A piece of text at a time, so that no string comes near the longest that there can be. */
const PIECE_CHARS = 1 << 16;

/**
 * Expands the question's name as seed 000's resolver does, before anything is checked: it follows compression
 * pointers without counting them, and adds label after label to a text. A label behind which a pointer leads back to it
 * makes that text grow for as long as there is memory, from one packet. There the thread that reads all packets
 * spins meanwhile; here the event loop gets its turn after each MB, so that what ends is this process and not
 * the machine's patience.
 */
export class LoopingNames implements DatagramNames {
  /** What was read of the names under way. */
  private readonly growing = new Set<string[]>();
  private closed = false;

  read(packet: Buffer, serve: (packet: Buffer) => void): void {
    const pieces: string[] = [];
    this.growing.add(pieces);
    this.expand(packet, HEADER_BYTES, pieces, () => {
      this.growing.delete(pieces);
      serve(packet);
    });
  }

  close(): void {
    this.closed = true;
    this.growing.clear();
  }

  private expand(packet: Buffer, start: number, pieces: string[], onEnd: () => void): void {
    let at = start;
    let piece = '';
    for (let chars = 0; chars < SLICE_CHARS; ) {
      const length = packet[at] ?? 0;
      if (length === 0) {
        onEnd();
        return;
      }
      if (length >= 0xc0) {
        at = ((length & 0x3f) << 8) | (packet[at + 1] ?? 0);
        // A pointer to itself adds nothing and ends nothing either.
        chars += 1;
        continue;
      }
      piece += `${packet.toString('latin1', at + 1, at + 1 + length)}.`;
      chars += length + 1;
      at += length + 1;
      if (piece.length < PIECE_CHARS) continue;
      pieces.push(piece);
      piece = '';
    }
    pieces.push(piece);
    setImmediate(() => {
      if (!this.closed) this.expand(packet, at, pieces, onEnd);
    });
  }
}
