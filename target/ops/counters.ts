/** What the node counts. Fixed keys: traffic cannot add one. */
export interface Counters {
  /** Messages that arrived at the server, by UDP, TCP or HTTP. */
  received: number;
  /** Messages that are no query at all (too short, or a response) and got no answer. */
  dropped: number;
  /** Queries answered with an error without being resolved (FORMERR, NOTIMP, REFUSED, BADVERS), those without RD included. */
  rejected: number;
  cacheHits: number;
  cacheMisses: number;
  /** Questions that joined an equal one already asked upstream. */
  joined: number;
  /** Queries answered SERVFAIL because the same question failed a moment ago. */
  failureHits: number;
  /** Queries answered SERVFAIL at once because a bound was reached. */
  shed: number;
  /** Upstream attempts that got no answer in time. */
  upstreamTimeouts: number;
  /** Upstream attempts answered with an error or with something unreadable, and those that could not reach anybody. */
  upstreamFailures: number;
  /** Datagrams from upstream that match no question in flight (late, repeated or forged). */
  upstreamUnmatched: number;
  /** Responses from upstream whose question has letters of another case than was sent; asked again over TCP. */
  upstreamCaseMismatches: number;
  /** Answers dropped because too many wait for the kernel already, or for a client that does not read. */
  unsent: number;
  /** TCP connections taken. */
  tcpAccepted: number;
  /** TCP connections closed at once because there were too many, all of them busy. */
  tcpRefused: number;
  /** TCP connections closed to make room for new ones. */
  tcpEvicted: number;
  /** TCP connections closed because they asked nothing for too long. */
  tcpTimedOut: number;
  /** Errors of ours caught on the way of one query; each is a bug. */
  internalErrors: number;
}

/** All counters at zero. */
export function createCounters(): Counters {
  return {
    received: 0,
    dropped: 0,
    rejected: 0,
    cacheHits: 0,
    cacheMisses: 0,
    joined: 0,
    failureHits: 0,
    shed: 0,
    upstreamTimeouts: 0,
    upstreamFailures: 0,
    upstreamUnmatched: 0,
    upstreamCaseMismatches: 0,
    unsent: 0,
    tcpAccepted: 0,
    tcpRefused: 0,
    tcpEvicted: 0,
    tcpTimedOut: 0,
    internalErrors: 0,
  };
}
