import type { LoadDriver } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { openMessageFlood } from './message-flood.js';
import type { PeerExchangePlan } from './peer-plan.js';
import { writeMessage } from './wire/write-message.js';

/** Addresses that differ, from 0 on; then they begin again. */
interface AddressSpace {
  readonly count: number;
  address(k: number): string;
}

/** Ports on which nobody listens by custom: whoever dials one of our inventions is refused at once. */
const DEAD_PORTS = 6;
/** 127.128.0.0 to 127.191.255.255: none of the addresses that connections of ours come from. */
const LOOPBACK_HOSTS = 2 ** 22;
const BENCHMARK_HOSTS = 2 ** 17;
const BENCHMARK_PORTS = 60_000;
const FIRST_BENCHMARK_PORT = 1024;

const SPACES: Readonly<Record<PeerExchangePlan['addresses'], AddressSpace>> = {
  loopback: {
    count: LOOPBACK_HOSTS * DEAD_PORTS,
    address: (k) => {
      const host = k % LOOPBACK_HOSTS;
      const port = 1 + Math.floor(k / LOOPBACK_HOSTS);
      return `127.${128 + (host >> 16)}.${(host >> 8) & 0xff}.${host & 0xff}:${port}`;
    },
  },
  benchmark: {
    count: BENCHMARK_HOSTS * BENCHMARK_PORTS,
    address: (k) => {
      const host = k % BENCHMARK_HOSTS;
      const port = FIRST_BENCHMARK_PORT + Math.floor(k / BENCHMARK_HOSTS);
      return `198.${18 + (host >> 16)}.${(host >> 8) & 0xff}.${host & 0xff}:${port}`;
    },
  },
};

/** Makes Peers messages, no address twice until all have been named. */
export function exchangeMessages({
  addresses,
  addressesPerFrame,
}: Pick<PeerExchangePlan, 'addresses' | 'addressesPerFrame'>): () => Buffer {
  const { count, address } = SPACES[addresses];
  let named = 0;
  return () => {
    const peers = Array.from({ length: addressesPerFrame }, () => address(named++ % count));
    return writeMessage({ kind: 'Peers', peers });
  };
}

/** Opens a flood of Peers messages that nobody asked for; the probe is an honest newcomer's handshake. */
export async function openPeerExchange(plan: PeerExchangePlan, target: LoopbackAddress): Promise<LoadDriver> {
  return openMessageFlood(plan, target, exchangeMessages(plan));
}
