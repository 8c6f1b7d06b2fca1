import { readFileSync } from 'node:fs';
import type { Endpoint } from '../endpoint.js';
import { reasonOf } from '../errors.js';
import type { StructureSize } from '../ops/structure.js';
import type { ConnectionLimits } from './connection-table.js';
import type { TcpServer } from './tcp-server.js';
import type { UdpServer } from './udp-server.js';

/** The DNS services of one address: UDP and TCP on the same port (RFC 7766 §5). */
export interface DnsServers {
  readonly address: Endpoint;
  structures(): readonly StructureSize[];
  close(): Promise<void>;
}

/** How each service is opened. */
export interface DnsServerOpeners {
  udp(listen: Endpoint): Promise<UdpServer>;
  tcp(listen: Endpoint): Promise<TcpServer>;
}

/** A free UDP port may be taken by somebody's TCP server; a few others hardly are as well. */
const PORT_ATTEMPTS = 8;

/** Listens on `listen` both ways; rejects with the system's error when the address cannot be had. */
export async function openDnsServers(listen: Endpoint, open: DnsServerOpeners): Promise<DnsServers> {
  for (let attempt = 1; ; attempt += 1) {
    const udp = await open.udp(listen);
    try {
      const tcp = await open.tcp(udp.address);
      return {
        address: udp.address,
        structures: () => [...udp.structures(), ...tcp.structures()],
        close: () => {
          udp.close();
          return tcp.close();
        },
      };
    } catch (error) {
      udp.close();
      const mayTryAnother = listen.port === 0 && reasonOf(error) === 'EADDRINUSE';
      if (!mayTryAnother || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

/** Descriptors that upstream sockets, operators' connections and the process itself need, whoever connects. */
const RESERVED_DESCRIPTORS = 128;
/** Where the limit is not known: what macOS gives a process. */
const USUAL_DESCRIPTORS = 256;

/** How many TCP connections the settings ask for, and the descriptors of this process allow. */
export function connectionLimits(
  settings: {
    threads: number;
    tcp_queue_size: number;
    tcp_clients_per_ip: number;
    forwarders: readonly unknown[];
  },
  descriptors = openFilesLimit() ?? USUAL_DESCRIPTORS,
): ConnectionLimits {
  const reserved = Math.min(
    RESERVED_DESCRIPTORS + 16 * settings.forwarders.length,
    Math.floor(descriptors / 2),
  );
  const total = Math.min(settings.threads * settings.tcp_queue_size, descriptors - reserved);
  return { total, perAddress: Math.min(settings.tcp_clients_per_ip, total) };
}

/** The soft limit on open files of this process; null where /proc does not tell (`proc_pid_limits(5)`). */
function openFilesLimit(): number | null {
  try {
    const match = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return match === null ? null : Number(match[1]);
  } catch {
    return null;
  }
}
