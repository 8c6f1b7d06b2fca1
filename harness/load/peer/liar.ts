import { introduce } from './identity.js';
import { dialPeer, type PeerConnection } from './peer-connection.js';
import type { Call } from './peer-probe.js';

/** A peer that claims a height beyond any chain for as long as it runs, and delivers nothing. */
export interface Liar {
  /** Calls the target; without effect while it runs. */
  start(): void;
  /** Hangs up; safe to call twice. */
  stop(): void;
}

/** A claim that no chain will ever meet, and one that every program holds exactly. */
export const LIE = 2 ** 40;
/** How often it repeats itself, or calls again. */
const CLAIM_EVERY_MS = 1000;

/**
 * While a target believes it, its synchronisation is never over: ALFIS forgets blocks from the future when it has come
 * to the highest claim. The connections of a flood tell no height, and so cannot lie for long.
 */
export function createLiar({ to, identity, keys }: Call, nextSource: () => string | null): Liar {
  let connection: PeerConnection | null = null;
  let timer: NodeJS.Timeout | undefined;

  const call = (): PeerConnection => {
    const current: PeerConnection = dialPeer(
      { to, keys, from: nextSource() },
      {
        onKeyed: () => current.send({ kind: 'Hand', ...introduce(identity) }),
        onMessage({ kind }) {
          if (kind === 'Shake' || kind === 'Ping') current.send({ kind: 'Ping', height: LIE, hash: '' });
        },
        onClose() {
          if (current === connection) connection = null;
        },
      },
    );
    return current;
  };
  return {
    start() {
      if (timer !== undefined) return;
      connection = call();
      timer = setInterval(() => {
        if (connection === null) connection = call();
        else connection.send({ kind: 'Ping', height: LIE, hash: '' });
      }, CLAIM_EVERY_MS);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      connection?.close();
      connection = null;
    },
  };
}
