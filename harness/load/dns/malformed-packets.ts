import { seededRandom } from '../../core/random.js';
import { encodeQuestion, HEADER_BYTES, POINTER, TYPE } from './dns-wire.js';

/** Longest packet of arbitrary bytes. */
const MAX_RANDOM_BYTES = 600;
/** A mutation changes up to so many bytes of a question. */
const MAX_CHANGES = 8;
/** One packet in so many is of the kind that sends a careless reader round for ever; most never get to see one. */
const LOOP_ONCE_IN = 2_000;
const MAX_LABEL_BYTES = 63;

type Make = (random: () => number, question: Buffer) => Buffer;

/** What is done to a question before it is sent. */
const MAKES: readonly Make[] = [
  (random) => arbitrary(random, random() % MAX_RANDOM_BYTES),
  (random) => arbitrary(random, random() % (HEADER_BYTES + 1)),
  changed,
  (random, question) => question.subarray(0, random() % question.length),
  (random, question) => Buffer.concat([question, arbitrary(random, random() % 64)]),
  wrongCounts,
  longLabel,
  (random, question) => pointerAt(question, random() % question.length),
];

/** Bytes that are no proper query, in an order that follows from the seed; some of them may be one all the same. */
export function malformedPackets(zone: string, seed: number): () => Buffer {
  const random = seededRandom(seed);
  let number = 0;
  return () => {
    number++;
    const question = encodeQuestion(random() & 0xffff, `m${number.toString(36)}.${zone}`, TYPE.A);
    if (random() % LOOP_ONCE_IN === 0) return loop(question);
    return (MAKES[random() % MAKES.length] as Make)(random, question);
  };
}

function arbitrary(random: () => number, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => random() & 0xff));
}

function changed(random: () => number, question: Buffer): Buffer {
  const copy = Buffer.from(question);
  for (let left = 1 + (random() % MAX_CHANGES); left > 0; left--) {
    copy[random() % copy.length] = random() & 0xff;
  }
  return copy;
}

/** Numbers of questions and records that do not fit what follows. */
function wrongCounts(random: () => number, question: Buffer): Buffer {
  const copy = Buffer.from(question);
  for (const at of [4, 6, 8, 10]) copy.writeUInt16BE(random() & 0xffff, at);
  return copy;
}

/** A label that is longer than the packet, or than any label may be. */
function longLabel(random: () => number, question: Buffer): Buffer {
  const copy = Buffer.from(question);
  copy[HEADER_BYTES] = 1 + (random() & 0x7f);
  return copy;
}

/** A pointer to anywhere in place of the name (RFC 1035 §4.1.4): to itself, forwards, or into the header. */
function pointerAt(question: Buffer, to: number): Buffer {
  const name = Buffer.from([POINTER | (to >> 8), to & 0xff]);
  return Buffer.concat([question.subarray(0, HEADER_BYTES), name, question.subarray(-4)]);
}

/** The longest label there is, then a pointer back to it: read on without a count, the name never ends. */
function loop(question: Buffer): Buffer {
  const label = Buffer.alloc(1 + MAX_LABEL_BYTES, 'm');
  label[0] = MAX_LABEL_BYTES;
  const back = Buffer.from([POINTER, HEADER_BYTES]);
  return Buffer.concat([question.subarray(0, HEADER_BYTES), label, back, question.subarray(-4)]);
}
