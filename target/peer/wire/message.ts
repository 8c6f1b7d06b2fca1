/** A message between peers, with the names that stand on the wire. Heights and indexes above 2^53 are read as 2^53 - 1. */
export type Message =
  | { readonly kind: 'Error' | 'Twin' | 'Loop' | 'GetPeers' }
  | ({ readonly kind: 'Hand' } & Introduction)
  | ({ readonly kind: 'Shake'; readonly height: number } & Introduction)
  | { readonly kind: 'Ping' | 'Pong'; readonly height: number; readonly hash: string }
  | { readonly kind: 'Peers'; readonly peers: readonly string[] }
  | { readonly kind: 'GetBlock'; readonly index: number }
  | { readonly kind: 'Block'; readonly index: number; readonly block: Buffer };

/** What a peer says of itself. */
export interface Introduction {
  /** Of its program, such as `0.8.8`. */
  readonly appVersion: string;
  /** Hash of the chain's first block in hex; empty when it does not say. */
  readonly origin: string;
  /** Of the chain's rules. */
  readonly version: number;
  /** Whether it can be reached from outside. */
  readonly isPublic: boolean;
  /** Its name for as long as it runs: six random characters. */
  readonly randomId: string;
}
