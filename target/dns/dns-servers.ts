import type { Endpoint } from '../endpoint.js';
import { reasonOf } from '../errors.js';
import type { StructureSize } from '../ops/structure.js';
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

/**
 * TCP goes first: where the port is free to choose, the kernel passes over those that connections of others occupy,
 * often thousands, and UDP then hardly ever finds the port taken. A few attempts see to the rest.
 */
const PORT_ATTEMPTS = 8;

/** Listens on `listen` both ways; rejects with the system's error when the address cannot be had. */
export async function openDnsServers(listen: Endpoint, open: DnsServerOpeners): Promise<DnsServers> {
  for (let attempt = 1; ; attempt += 1) {
    const tcp = await open.tcp(listen);
    try {
      const udp = await open.udp(tcp.address);
      return {
        address: tcp.address,
        structures: () => [...udp.structures(), ...tcp.structures()],
        close: () => {
          udp.close();
          return tcp.close();
        },
      };
    } catch (error) {
      await tcp.close();
      const mayTryAnother = listen.port === 0 && reasonOf(error) === 'EADDRINUSE';
      if (!mayTryAnother || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}
