/** What is done about the names of a datagram before it is parsed. */
export interface DatagramNames {
  /** Calls `serve`, now or later, once the names of the packet can be read. */
  read(packet: Buffer, serve: (packet: Buffer) => void): void;
  close(): void;
}

/** The node's way: nothing, as the parser takes no name with a pointer in a question, and bounds every other. */
export const CHECKED_NAMES: DatagramNames = {
  read: (packet, serve) => serve(packet),
  close: () => undefined,
};
