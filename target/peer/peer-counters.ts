/** What the node counts about its peers. Fixed keys: traffic cannot add one. */
export interface PeerCounters {
  /** Connections that were taken, and those that were not for want of room. */
  accepted: number;
  refused: number;
  /** Connections closed to make room for others. */
  evicted: number;
  /** Connections opened to others, whatever became of them. */
  dialled: number;
  /** Connections closed because too little came of them in time. */
  timedOut: number;
  /** Connections closed because what came is not of the protocol. */
  garbage: number;
  /** Bans, each of one address for ten minutes. */
  bans: number;
  messages: number;
  /** Blocks asked for, repetitions included. */
  blocksAsked: number;
  /** Blocks that did not come in time. */
  blocksLate: number;
  blocksReceived: number;
  /** Blocks and lists of addresses that nobody asked for and that were not looked at. */
  unasked: number;
  /** Blocks that came again. */
  repeated: number;
  /** Blocks that were not kept: too far ahead, no room, or another one of that index is there. */
  refusedBlocks: number;
  /** Blocks that are not what they claim to be, or against the rules. */
  badBlocks: number;
  /** Blocks of a peer that another one's replaced. */
  undone: number;
  blocksAdded: number;
  /** Messages that were not sent because the peer does not read, or because they do not fit into a frame. */
  unsent: number;
  /** Errors of ours, or of the disk, caught on the way of one message or block; each is a bug or a broken disk. */
  internalErrors: number;
}

/** All at zero. */
export function createPeerCounters(): PeerCounters {
  return {
    accepted: 0,
    refused: 0,
    evicted: 0,
    dialled: 0,
    timedOut: 0,
    garbage: 0,
    bans: 0,
    messages: 0,
    blocksAsked: 0,
    blocksLate: 0,
    blocksReceived: 0,
    unasked: 0,
    repeated: 0,
    refusedBlocks: 0,
    badBlocks: 0,
    undone: 0,
    blocksAdded: 0,
    unsent: 0,
    internalErrors: 0,
  };
}
