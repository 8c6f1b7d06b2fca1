import { isIP, type LookupFunction } from 'node:net';
import type { Clock } from '../clock.js';
import { readAddresses } from './addresses.js';
import type { Answer } from './answer.js';
import { nameKey } from './name-key.js';
import type { Upstream } from './upstream.js';
import { TYPE } from './wire.js';

/** An address is asked for again after its TTL, which counts as at least so long. */
const MIN_TTL_MS = 60_000;

interface Known {
  readonly addresses: readonly string[];
  readonly untilMs: number;
}
type Waiter = (addresses: readonly string[]) => void;

/**
 * Finds the addresses of the resolvers' own host names, by asking plain resolvers. Only what was found is remembered:
 * seed 000's memory takes a failure for an address too and keeps it, so one lost datagram ends DoH until the restart. An
 * address that cannot be refreshed is used on: the resolver is most likely still there. As many names as the file has.
 */
export class Bootstrap {
  private readonly upstream: Pick<Upstream, 'ask'>;
  private readonly clock: Clock;
  private readonly known = new Map<string, Known>();
  private readonly waiters = new Map<string, Waiter[]>();

  constructor(upstream: Pick<Upstream, 'ask'>, clock: Clock) {
    this.upstream = upstream;
    this.clock = clock;
  }

  /** For a socket that connects to a host by name. */
  readonly lookup: LookupFunction = (host, options, callback) => {
    this.find(host, (addresses) => {
      const [first] = addresses;
      if (first === undefined) {
        const error = Object.assign(new Error(`no address for ${host}`), { code: 'ENOTFOUND' });
        callback(error, '', 4);
      } else if (options.all === true) {
        callback(
          null,
          addresses.map((address) => ({ address, family: isIP(address) })),
        );
      } else {
        callback(null, first, isIP(first));
      }
    });
  };

  private find(host: string, onFound: Waiter): void {
    const known = this.known.get(host);
    if (known !== undefined && this.clock() < known.untilMs) {
      process.nextTick(onFound, known.addresses);
      return;
    }
    const waiters = this.waiters.get(host);
    if (waiters !== undefined) {
      waiters.push(onFound);
      return;
    }
    this.waiters.set(host, [onFound]);
    this.ask(host, TYPE.A, (addresses) => {
      if (addresses.length > 0) this.finish(host, addresses);
      else this.ask(host, TYPE.AAAA, (others) => this.finish(host, others));
    });
  }

  private ask(host: string, type: number, onFound: Waiter): void {
    const key = nameKey(host, type);
    const read = (answer: Answer | null): void => {
      const addresses = key === null || answer === null ? [] : readAddresses(key, answer);
      if (answer !== null && addresses.length > 0) {
        const untilMs = this.clock() + Math.max(answer.ttlSec * 1000, MIN_TTL_MS);
        this.known.set(host, { addresses, untilMs });
      }
      onFound(addresses);
    };
    if (key === null || this.upstream.ask(key, read) !== 'added') process.nextTick(read, null);
  }

  private finish(host: string, found: readonly string[]): void {
    const addresses = found.length > 0 ? found : (this.known.get(host)?.addresses ?? []);
    const waiters = this.waiters.get(host) ?? [];
    this.waiters.delete(host);
    for (const tell of waiters) tell(addresses);
  }
}
