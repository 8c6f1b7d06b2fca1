import type { LoopbackAddress } from '../../harness/load/loopback-address.js';
import type { MadeChain } from '../../harness/load/peer/chain/make-chain.js';
import { introduce, type PeerIdentity } from '../../harness/load/peer/identity.js';
import { dialPeer, type PeerConnection } from '../../harness/load/peer/peer-connection.js';
import { callPeer } from '../../harness/load/peer/peer-probe.js';
import { pick } from '../../harness/load/peer/shuffle.js';
import { sourceAddresses } from '../../harness/load/peer/source-addresses.js';
import type { PeerMessage } from '../../harness/load/peer/wire/message.js';
import { createPeerKeys } from '../../harness/load/peer/wire/peer-keys.js';

/** How honest peers fared so far. */
export interface HonestService {
  /** Questions, an honest newcomer's call among them. */
  readonly asked: number;
  /** Rightly. */
  readonly answered: number;
  readonly wrong: number;
  /** Of those asked. */
  readonly calls: number;
  readonly callsAnswered: number;
}

/** An honest peer that asks all the time, and honest newcomers beside it, one at a time. */
export interface HonestAsker {
  /** Stops asking and waits for what is owed; goes on with `resume`. The connection stands. */
  pause(): Promise<HonestService>;
  resume(): void;
  close(): void;
}

const ASK_EVERY_MS = 20;
const CALL_EVERY_MS = 250;
const TIMEOUT_MS = 5000;
const REDIAL_MS = 100;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+:\d+$/;

/** What was asked, and when; `index` is of a block. */
interface Question {
  readonly kind: 'Block' | 'Pong' | 'Peers';
  readonly index: number;
  readonly askedMs: number;
}

/**
 * Connects from an address of its own, and again when that ends. In turn it asks for a block, pings, and asks for
 * peers; each answer is held against the chain of which the node has at least the first `height` blocks. What is not
 * answered within 5 s, or before the connection ends, is unanswered.
 */
export function startHonestAsker(
  to: LoopbackAddress,
  identity: PeerIdentity,
  chain: MadeChain,
  height: number,
  random: () => number,
): HonestAsker {
  const keys = createPeerKeys();
  const from = sourceAddresses('honest', to)();
  const counts = { asked: 0, answered: 0, wrong: 0, calls: 0, callsAnswered: 0 };
  const own = { height, hash: chain.hash(height) as string };
  const open: Question[] = [];
  let connection: PeerConnection;
  let again: NodeJS.Timeout | undefined;
  let isReady = false;
  let isClosed = false;
  let isPaused = true;
  let turn = 0;
  let call: Promise<void> | null = null;
  let calledMs = 0;

  const isTip = (told: number | bigint, hash: string): boolean =>
    told >= height && chain.hash(Number(told)) === hash;
  const settle = (kind: Question['kind'], isRight: (question: Question) => boolean): void => {
    const place = open.findIndex((question) => question.kind === kind);
    const [question] = place < 0 ? [] : open.splice(place, 1);
    if (question === undefined || !isRight(question)) counts.wrong++;
    else counts.answered++;
  };
  const hear = (message: PeerMessage): void => {
    switch (message.kind) {
      case 'Shake':
        isReady = true;
        break;
      case 'Ping':
        connection.send({ kind: 'Pong', ...own });
        break;
      case 'GetPeers':
        connection.send({ kind: 'Peers', peers: [] });
        break;
      case 'Pong':
        settle('Pong', () => isTip(message.height, message.hash));
        break;
      case 'Peers':
        settle('Peers', () => message.peers.every((peer) => ADDRESS.test(peer)));
        break;
      case 'Block':
        settle('Block', ({ index }) => {
          return index === message.index && (chain.block(index) as Buffer).equals(message.block);
        });
        break;
    }
  };
  const dial = (): void => {
    connection = dialPeer(
      { to, from, keys },
      {
        onKeyed: () => connection.send({ kind: 'Hand', ...introduce(identity) }),
        onMessage: hear,
        onClose() {
          isReady = false;
          open.length = 0;
          if (!isClosed) again = setTimeout(dial, REDIAL_MS);
        },
      },
    );
  };

  const ask = (): void => {
    counts.asked++;
    if (!isReady) return;
    const kind = (['Block', 'Pong', 'Peers'] as const)[turn++ % 3] as Question['kind'];
    const index = 1 + pick(height, random);
    open.push({ kind, index, askedMs: performance.now() });
    if (kind === 'Block') connection.send({ kind: 'GetBlock', index });
    else if (kind === 'Pong') connection.send({ kind: 'Ping', ...own });
    else connection.send({ kind: 'GetPeers' });
  };
  const callAnew = async (): Promise<void> => {
    counts.asked++;
    counts.calls++;
    const heard = await callPeer({ to, identity, keys: createPeerKeys() }, TIMEOUT_MS, true);
    if (heard.state === 'failed') return;
    if (!isTip(heard.height, heard.hash)) {
      counts.wrong++;
      return;
    }
    counts.answered++;
    counts.callsAnswered++;
  };
  const timer = setInterval(() => {
    const now = performance.now();
    // Answers come in their order: after one that is missing nothing is what it seems.
    if (now - (open[0]?.askedMs ?? now) > TIMEOUT_MS) connection.close();
    if (isPaused) return;
    ask();
    if (call !== null || now - calledMs < CALL_EVERY_MS) return;
    calledMs = now;
    call = callAnew().finally(() => {
      call = null;
    });
  }, ASK_EVERY_MS);

  dial();
  return {
    async pause() {
      isPaused = true;
      await call;
      while (open.length > 0) await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      return { ...counts };
    },
    resume() {
      isPaused = false;
    },
    close() {
      isClosed = true;
      clearInterval(timer);
      clearTimeout(again);
      connection.close();
    },
  };
}
