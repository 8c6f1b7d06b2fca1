import { randomInt } from 'node:crypto';
import type { Introduction } from './wire/message.js';

/** The chain and the version that a load claims to be of; a target bans peers of others. */
export interface PeerIdentity {
  /** Hash of the chain's first block in upper-case hex; empty where the target takes any. */
  readonly origin: string;
  /** Version of ALFIS, of which major and minor count. */
  readonly appVersion: string;
}

/** Of any chain, and the version of ALFIS whose leaks the loads are made for. */
export const DEFAULT_IDENTITY: PeerIdentity = { origin: '', appVersion: '0.8.8' };

/** Version of the chain's rules, the only one there is. */
export const CHAIN_VERSION = 1;

const ID_LENGTH = 6;
const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** What a new peer says of itself. Each gets a name of its own: targets take those who share one for the same peer. */
export function introduce({ origin, appVersion }: PeerIdentity): Introduction {
  const letter = (): string => ID_LETTERS[randomInt(ID_LETTERS.length)] as string;
  const randId = Array.from({ length: ID_LENGTH }, letter).join('');
  // Not public: a node must not tell others to call back a peer that serves nobody.
  return { appVersion, origin, version: CHAIN_VERSION, isPublic: false, randId };
}
