import type { Socket } from 'node:net';
import { seededRandom } from '../../harness/core/random.js';
import type { LoopbackAddress } from '../../harness/load/loopback-address.js';
import { type MadeChain, makeChain } from '../../harness/load/peer/chain/make-chain.js';
import { pick } from '../../harness/load/peer/shuffle.js';
import { sourceAddresses } from '../../harness/load/peer/source-addresses.js';
import { PUBLIC_KEY_BYTES, writeClientHello } from '../../harness/load/peer/wire/hello.js';
import { createPeerKeys } from '../../harness/load/peer/wire/peer-keys.js';
import { weightedDraw } from '../../harness/load/weighted-draw.js';
import { CHAIN_DIFFICULTY } from '../../scenarios/peer-load.js';
import { lieAboutBlocks } from './block-liar.js';
import { changedBytes, drawnBytes } from './changed-bytes.js';
import { createHostileFrames, type FrameKind } from './hostile-frames.js';
import { callRaw, type RawEnd } from './raw-call.js';

/** What a hello is like. */
type HelloKind = 'whole' | 'changed' | 'wrong-length' | 'noise' | 'short' | 'weak-key';

/** What was sent, by kind. */
export interface Sent {
  readonly hellos: Readonly<Record<HelloKind, number>>;
  readonly frames: Readonly<Record<FrameKind | 'lie', number>>;
  /** Connections that the node did not take, and those that it held up for 10 s. */
  readonly failed: Readonly<Record<'refused' | 'stalled', number>>;
}

/** Many attackers, each connection from an address of its own. */
export interface HostileCrowd {
  /** Goes on until so many hellos and frames were sent in all, and nobody is there any more; rejects when the node is gone. */
  sendUntil(total: number): Promise<void>;
  readonly sent: Sent;
  total(): number;
}

const CALLERS = 32;
/** Silent ones that are left to the node: more than it has room for. */
const MAX_HELD = 80;
/** So many in a row, and the node is gone. */
const MAX_REFUSED = 1000;
const CALLS = {
  frames: 72,
  higher: 6,
  rival: 2,
  'changed-hello': 6,
  'wrong-length': 3,
  'noise-hello': 4,
  'short-hello': 5,
  'weak-key': 2,
} as const;
const KINDS = Object.keys(CALLS) as (keyof typeof CALLS)[];
const MAX_NOISE_BYTES = 600;

/** Attackers at a node that has the first blocks of `chain`; what they change, and how, comes from the seed. */
export function createHostileCrowd(to: LoopbackAddress, chain: MadeChain, seed: number): HostileCrowd {
  const random = seededRandom(seed);
  const keys = createPeerKeys();
  const nextKind = weightedDraw('calls', KINDS, CALLS, seed);
  const nextSource = sourceAddresses('attacker', to);
  const framesOf = createHostileFrames(chain, seed, random);
  const rival = makeChain({ blocks: chain.height, difficulty: CHAIN_DIFFICULTY, seed: seed + 1 });
  const hellos = { whole: 0, changed: 0, 'wrong-length': 0, noise: 0, short: 0, 'weak-key': 0 };
  const frames = {
    ...{ hand: 0, early: 0, 'out-of-place': 0, unasked: 0, changed: 0 },
    ...{ 'wrong-tag': 0, empty: 0, enormous: 0, noise: 0, lie: 0 },
  };
  const failed = { refused: 0, stalled: 0 };
  const held: Socket[] = [];
  let goal = 0;
  let refusedInTurn = 0;
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  const total = (): number => sum(hellos) + sum(frames);
  const hold = (socket: Socket): void => {
    held.push(socket);
    if (held.length > MAX_HELD) held.shift()?.destroy();
  };

  const note = (name: HelloKind, end: RawEnd): void => {
    if (end === 'closed') hellos[name]++;
    else failed[end]++;
    refusedInTurn = end === 'refused' ? refusedInTurn + 1 : 0;
  };

  const callOnce = async (): Promise<void> => {
    const from = nextSource();
    const kind = nextKind();
    if (kind === 'higher' || kind === 'rival') {
      const sent = await lieAboutBlocks({ to, from, keys, chain, rival, kind, random });
      frames.lie += sent;
      note('whole', sent === 0 ? 'refused' : 'closed');
      return;
    }
    const [name, hello, after] = helloOf(kind);
    const say = (session: Parameters<typeof framesOf>[0]): Buffer => {
      const said = framesOf(session);
      for (const frame of said) frames[frame.kind]++;
      return Buffer.concat(said.map(({ bytes }) => bytes));
    };
    note(name, await callRaw({ to, from, keys, hello, say, after }, hold));
  };
  const helloOf = (
    kind: Exclude<keyof typeof CALLS, 'higher' | 'rival'>,
  ): readonly [HelloKind, Buffer, 'hello-then-end' | 'say-then-end' | 'hold'] => {
    const hello = writeClientHello(keys.publicKey);
    switch (kind) {
      case 'frames':
        return ['whole', hello, 'say-then-end'];
      case 'changed-hello':
        return ['changed', changedBytes(hello, random), 'hello-then-end'];
      case 'wrong-length':
        // The first byte says how much garbage follows.
        hello[0] = random() & 0xff;
        return [kind, hello, 'hello-then-end'];
      case 'noise-hello':
        return ['noise', drawnBytes(1 + pick(MAX_NOISE_BYTES, random), random), 'hello-then-end'];
      case 'short-hello':
        return ['short', hello.subarray(0, pick(hello.length, random)), 'hold'];
      case 'weak-key':
        return ['weak-key', writeClientHello(Buffer.alloc(PUBLIC_KEY_BYTES)), 'hello-then-end'];
    }
  };
  const callOn = async (): Promise<void> => {
    while (total() < goal) {
      if (refusedInTurn > MAX_REFUSED) throw new Error(`${to.text} takes no connection any more`);
      await callOnce();
    }
  };

  return {
    sent: { hellos, frames, failed },
    total,
    async sendUntil(count) {
      goal = count;
      await Promise.all(Array.from({ length: CALLERS }, callOn));
      for (const socket of held.splice(0)) socket.destroy();
    },
  };
}
