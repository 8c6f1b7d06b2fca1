import { createHostileBlocks } from '../../harness/load/peer/chain/hostile-blocks.js';
import type { MadeChain } from '../../harness/load/peer/chain/make-chain.js';
import { DEFAULT_IDENTITY, introduce } from '../../harness/load/peer/identity.js';
import { pick } from '../../harness/load/peer/shuffle.js';
import { type Session, sealFrame } from '../../harness/load/peer/wire/frames.js';
import type { PeerMessage } from '../../harness/load/peer/wire/message.js';
import { writeBlockMessage, writeMessage } from '../../harness/load/peer/wire/write-message.js';
import { weightedDraw } from '../../harness/load/weighted-draw.js';
import { changedBytes, drawnBytes } from './changed-bytes.js';

/** What is wrong with a frame. */
export type FrameKind =
  /** Nothing: the Hand that a conversation begins with. */
  | 'hand'
  /** A message that comes where a Hand is due. */
  | 'early'
  /** A message in its form and out of place, with heights and indexes from nowhere. */
  | 'out-of-place'
  /** Addresses or a block that nobody asked for: from the future, junk in the place of a real one, or of changed bytes. */
  | 'unasked'
  /** A message whose CBOR has changed bytes, sealed as it should be. */
  | 'changed'
  /** Sealed, and then a changed byte: the tag is wrong. */
  | 'wrong-tag'
  /** The length is 0. */
  | 'empty'
  /** The length is 65 535, and little follows. */
  | 'enormous'
  /** Bytes that are nothing. */
  | 'noise';

/** One frame as it goes over the wire. */
export interface HostileFrame {
  readonly kind: FrameKind;
  readonly bytes: Buffer;
}

/** Frames that a node reads over; of those that end a connection, one comes last. */
const BODY = { 'out-of-place': 60, unasked: 40 } as const;
const END = { changed: 70, 'wrong-tag': 10, empty: 5, enormous: 10, noise: 5 } as const;
const MAX_BODY = 12;
const SHARE_EARLY = 1 / 16;
const HEIGHTS = [0, 1, 2, 5, 23, 24, 255, 256, 65_536, 2 ** 32, 2 ** 53 - 1, 2n ** 53n, 2n ** 64n - 1n];
/** Lengths stand XORed with this. */
const LENGTH_MASK = 0xaaaa;
const MAX_NOISE_BYTES = 300;

/**
 * Makes what one connection sends once it has its session: a Hand, some frames that a node reads and ignores, and one
 * that is broken; or, one time in sixteen, a message where a Hand is due.
 */
export function createHostileFrames(
  chain: MadeChain,
  seed: number,
  random: () => number,
): (session: Session) => readonly HostileFrame[] {
  const nextBody = weightedDraw('body', ['out-of-place', 'unasked'], BODY, seed);
  const nextEnd = weightedDraw('end', ['changed', 'wrong-tag', 'empty', 'enormous', 'noise'], END, seed + 1);
  const hand = (): Buffer => writeMessage({ kind: 'Hand', ...introduce(DEFAULT_IDENTITY) });
  const anyHeight = (): number | bigint => HEIGHTS[pick(HEIGHTS.length, random)] as number | bigint;
  const anyIndex = (): number => 1 + pick(chain.height, random);
  const anyHash = (): string => chain.hash(anyIndex()) as string;

  const outOfPlace = (): PeerMessage => {
    const introduction = introduce(DEFAULT_IDENTITY);
    const messages: readonly PeerMessage[] = [
      { kind: 'Hand', ...introduction },
      { kind: 'Shake', ...introduction, height: anyHeight() },
      { kind: 'Error' },
      { kind: 'GetPeers' },
      { kind: 'GetBlock', index: random() % 2 === 0 ? anyIndex() : anyHeight() },
      { kind: 'Ping', height: anyHeight(), hash: anyHash() },
      { kind: 'Pong', height: anyHeight(), hash: anyHash() },
    ];
    return messages[pick(messages.length, random)] as PeerMessage;
  };
  const addresses = (): Buffer =>
    // Of this machine, where nobody listens: a node that takes one of them dials it.
    writeMessage({
      kind: 'Peers',
      peers: Array.from(
        { length: pick(30, random) },
        () => `127.200.${random() & 0xff}.${random() & 0xff}:1`,
      ),
    });
  const hostile = createHostileBlocks(seed);
  const block = (): Buffer => {
    const index = anyIndex();
    switch (pick(4, random)) {
      case 0:
        return hostile.farFuture();
      case 1:
        return hostile.junk(index, chain.hash(index) as string);
      default:
        return writeBlockMessage(index, changedBytes(chain.block(index) as Buffer, random));
    }
  };
  const unasked = (): Buffer => (random() % 4 === 0 ? addresses() : block());
  const any = (): Buffer => {
    switch (pick(4, random)) {
      case 0:
        return unasked();
      case 1:
        return hand();
      default:
        return writeMessage(outOfPlace());
    }
  };

  const broken = (session: Session): HostileFrame => {
    const kind = nextEnd();
    switch (kind) {
      case 'changed':
        return { kind, bytes: sealFrame(session, changedBytes(any(), random)) };
      case 'wrong-tag': {
        const bytes = sealFrame(session, any());
        const at = 2 + pick(bytes.length - 2, random);
        bytes[at] = (bytes[at] as number) ^ (1 << pick(8, random));
        return { kind, bytes };
      }
      case 'empty':
        return { kind, bytes: announced(0) };
      case 'enormous': {
        const little = drawnBytes(pick(MAX_NOISE_BYTES, random), random);
        return { kind, bytes: Buffer.concat([announced(0xffff), little]) };
      }
      case 'noise':
        return { kind, bytes: drawnBytes(2 + pick(MAX_NOISE_BYTES, random), random) };
    }
  };

  return (session) => {
    if (random() / 2 ** 32 < SHARE_EARLY) {
      return [{ kind: 'early', bytes: sealFrame(session, random() % 2 === 0 ? unasked() : early()) }];
    }
    const body = Array.from({ length: pick(MAX_BODY + 1, random) }, (): HostileFrame => {
      const kind = nextBody();
      const message = kind === 'unasked' ? unasked() : writeMessage(outOfPlace());
      return { kind, bytes: sealFrame(session, message) };
    });
    return [{ kind: 'hand', bytes: sealFrame(session, hand()) }, ...body, broken(session)];
  };

  function early(): Buffer {
    for (;;) {
      const message = outOfPlace();
      if (message.kind !== 'Hand') return writeMessage(message);
    }
  }
}

function announced(length: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(length ^ LENGTH_MASK);
  return bytes;
}
