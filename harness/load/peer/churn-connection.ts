import type { StormConnection, StormListener } from '../tcp/connection-storm.js';
import { introduce, type PeerIdentity } from './identity.js';
import { type DialOptions, dialPeer } from './peer-connection.js';
import type { ChurnMode } from './peer-plan.js';
import type { PeerMessage } from './wire/message.js';

/** How often a peer that stays shows that it is there: within ALFIS's limit of 120 s, often enough to matter. */
const PING_EVERY_MS = 10_000;

/** No version that any target is of. */
const STRANGE_VERSION = '99.0.0';

/**
 * Opens a connection that behaves as its mode says. It is reached when its mode has done what it is for: connected
 * (`silent`, `half`), exchanged keys (`mute`) or shaken hands (all others); or when the target has turned it
 * away by closing it, which is its right.
 */
export function openChurnConnection(
  options: DialOptions & { readonly identity: PeerIdentity },
  mode: ChurnMode,
  untilMs: number,
  { onReached, onFailure, onClose }: StormListener,
): StormConnection {
  const identity =
    mode === 'stranger' ? { ...options.identity, appVersion: STRANGE_VERSION } : options.identity;
  let stands = false;
  let isStaying = false;
  let nextPingMs = Number.NEGATIVE_INFINITY;

  const hear = (message: PeerMessage): void => {
    if (message.kind === 'Shake') {
      onReached();
      isStaying = mode === 'stay';
      if (!isStaying) connection.close();
    } else if (message.kind === 'Ping') {
      connection.send({ kind: 'Pong', height: 0, hash: '' });
    } else if (message.kind === 'GetPeers') {
      connection.send({ kind: 'Peers', peers: [] });
    }
  };
  const connection = dialPeer(
    { ...options, hello: mode === 'silent' ? 'none' : mode === 'half' ? 'half' : 'whole' },
    {
      onConnect() {
        stands = true;
        if (mode === 'silent' || mode === 'half') onReached();
      },
      onKeyed() {
        if (mode === 'mute') onReached();
        else connection.send({ kind: 'Hand', ...introduce(identity) });
      },
      onMessage: hear,
      onClose(error) {
        // Turned away, unless nobody took it: a reset while it opens comes from whoever did.
        if (stands || error === null || isReset(error)) onReached();
        else onFailure(error);
        onClose();
      },
    },
  );

  return {
    advance(nowMs) {
      if (nowMs >= untilMs) {
        connection.close();
      } else if (isStaying && nowMs >= nextPingMs) {
        nextPingMs = nowMs + PING_EVERY_MS;
        connection.send({ kind: 'Ping', height: 0, hash: '' });
      }
    },
    close: connection.close,
  };
}

function isReset(error: Error): boolean {
  return 'code' in error && error.code === 'ECONNRESET';
}
