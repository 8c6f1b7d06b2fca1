import { systemClock } from '../../core/clock.js';
import type { ProbeOutcome } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { introduce, type PeerIdentity } from './identity.js';
import { dialPeer, type PeerConnection } from './peer-connection.js';
import { sourceAddresses } from './source-addresses.js';
import type { PeerMessage, U64 } from './wire/message.js';
import type { PeerKeys } from './wire/peer-keys.js';

/** What to look at when a target ends a connection after this. */
const HINTS: Readonly<Record<string, string>> = {
  nothing: ': does it ban us, or has it too many peers?',
  hello: ': is it of another chain or version? (--peer-origin, --peer-version)',
};

/** Whom an honest newcomer calls, and as whom. */
export interface Call {
  readonly to: LoopbackAddress;
  readonly identity: PeerIdentity;
  readonly keys: PeerKeys;
}

/** What a target said to a newcomer. */
export type Reception =
  | { readonly state: 'received'; readonly shakeMs: number; readonly height: U64; readonly hash: string }
  /** It did not come to that; the message says how far. */
  | { readonly state: 'failed'; readonly message: string };

/**
 * Shakes hands with a target as a new honest peer, from an address of its own, and, when `asksTip`, asks how far its
 * chain is. Never rejects over what the target does.
 */
export function callPeer(
  { to, identity, keys }: Call,
  timeoutMs: number,
  asksTip: boolean,
): Promise<Reception> {
  const { nowMs } = systemClock;
  const startMs = nowMs();
  const from = sourceAddresses('probe', to)();
  return new Promise((resolve) => {
    let said = 'nothing';
    let shakeMs = 0;
    let connection: PeerConnection | null = null;
    const end = (reception: Reception): void => {
      clearTimeout(timer);
      resolve(reception);
      connection?.close();
    };
    const fail = (message: string): void => end({ state: 'failed', message: `${to.text}: ${message}` });
    const timer = setTimeout(() => fail(`no Shake within ${timeoutMs} ms; it said ${said}`), timeoutMs);
    const hear = (message: PeerMessage): void => {
      said = message.kind;
      if (message.kind === 'Shake') {
        shakeMs = nowMs() - startMs;
        if (!asksTip) end({ state: 'received', shakeMs, height: message.height, hash: '' });
        // No height and no hash: whatever the target has, it answers with a Pong.
        else connection?.send({ kind: 'Ping', height: 0, hash: '' });
      } else if (message.kind === 'Pong') {
        end({ state: 'received', shakeMs, height: message.height, hash: message.hash });
      } else if (message.kind === 'Ping') {
        connection?.send({ kind: 'Pong', height: 0, hash: '' });
      }
    };
    connection = dialPeer(
      { to, from, keys },
      {
        onKeyed() {
          said = 'hello';
          connection?.send({ kind: 'Hand', ...introduce(identity) });
        },
        onMessage: hear,
        onClose: (error) =>
          fail(error === null ? `closed the connection after ${said}${HINTS[said] ?? ''}` : error.message),
      },
    );
  });
}

/** Whether an honest newcomer is answered with Shake. */
export async function probePeer(call: Call, timeoutMs: number): Promise<ProbeOutcome> {
  const reception = await callPeer(call, timeoutMs, false);
  if (reception.state === 'failed') return { ok: false, message: reception.message };
  const { shakeMs, height } = reception;
  return {
    ok: true,
    message: `${call.to.text} shook hands in ${shakeMs.toFixed(1)} ms, at height ${height}`,
  };
}
