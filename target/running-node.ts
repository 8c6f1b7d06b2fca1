/** A node that listens. */
export interface RunningNode {
  /** Bound addresses, mostly `host:port`, by service. */
  readonly addresses: {
    readonly dns: string;
    readonly 'dns-tcp': string;
    /** A URL; left out when the service is not configured. */
    readonly doh?: string;
    /** Left out when the node is no peer. */
    readonly peer?: string;
    readonly ops: string;
  };
  /** Stops listening and releases every timer and socket. May be called twice. */
  close(): Promise<void>;
}
