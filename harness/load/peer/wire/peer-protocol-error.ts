/** What came is not ALFIS's protocol; the connection it came on is of no use any more. */
export class PeerProtocolError extends Error {
  override readonly name = 'PeerProtocolError';
}
