import { connect, type Socket } from 'node:net';
import type { Endpoint } from '../endpoint.js';
import type { BannedIps } from './banned-ips.js';
import type { PeerCounters } from './peer-counters.js';

/** What dialling works with. */
export interface DiallerDeps {
  readonly banned: BannedIps;
  readonly counters: PeerCounters;
  /** A connection is being opened. */
  onOpening(socket: Socket, endpoint: Endpoint): void;
  /** It will not be. */
  onRefused(endpoint: Endpoint): void;
}

/** Opens connections to other nodes. */
export class Dialler {
  private readonly deps: DiallerDeps;

  constructor(deps: DiallerDeps) {
    this.deps = deps;
  }

  dial(endpoint: Endpoint): void {
    if (this.deps.banned.has(endpoint.address)) {
      this.deps.onRefused(endpoint);
      return;
    }
    this.deps.counters.dialled += 1;
    const socket = connect({ host: endpoint.address, port: endpoint.port });
    // Nobody there, or gone again: the close that follows is all there is to know.
    socket.on('error', () => undefined);
    this.deps.onOpening(socket, endpoint);
  }
}
