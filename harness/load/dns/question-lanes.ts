/** Receives what came back on a lane; the bytes are only valid during the call. */
export type LaneListener = (lane: number, message: Buffer) => void;

/**
 * How questions reach the target: several independent lanes (sockets), each with DNS ids of its own. The driver
 * knows nothing else about the transport.
 */
export interface QuestionLanes {
  /**
   * Sends on one lane. `done` is called exactly once, before any answer to this message is delivered: true when
   * the kernel took the message, false when it was not sent.
   */
  send(lane: number, message: Buffer, done: (sent: boolean) => void): void;
  /** Answers that the kernel dropped at the lanes because nobody had read them yet; null when it does not say. */
  kernelDrops(): number | null;
  /** Releases everything; safe to call twice. */
  close(): void;
}

/** Opens `count` lanes to the address that it was made for. */
export type OpenLanes = (count: number, onMessage: LaneListener) => Promise<QuestionLanes>;
