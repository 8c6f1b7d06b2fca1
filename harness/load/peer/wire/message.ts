/** A number of 64 bits without a sign; `bigint` where a `number` would not hold it exactly. */
export type U64 = number | bigint;

/** What peers say of themselves. */
export interface Introduction {
  /** Version of the program, e.g. `0.8.8`; peers of another major or minor version are banned. */
  readonly appVersion: string;
  /** Hash of the chain's first block in hex; a peer of another chain is banned. */
  readonly origin: string;
  /** Version of the chain's rules. */
  readonly version: number;
  /** Whether others may be told of this peer. */
  readonly isPublic: boolean;
  /** Six characters, of one process: who hears its own has called itself. */
  readonly randId: string;
}

/** What peers say to each other. Hashes are hex text, empty in an empty chain. */
export type PeerMessage =
  | { readonly kind: 'Error' | 'Twin' | 'Loop' | 'GetPeers' }
  /** The first word of the side that dialled. */
  | (Introduction & { readonly kind: 'Hand' })
  /** The answer to it. */
  | (Introduction & { readonly kind: 'Shake'; readonly height: U64 })
  | { readonly kind: 'Ping' | 'Pong'; readonly height: U64; readonly hash: string }
  /** Addresses as `ip:port`. */
  | { readonly kind: 'Peers'; readonly peers: readonly string[] }
  | { readonly kind: 'GetBlock'; readonly index: U64 }
  /** `block` is in network form. */
  | { readonly kind: 'Block'; readonly index: U64; readonly block: Buffer };
