import { readFileSync } from 'node:fs';

/** Columns of /proc/net/udp, counted from 0 (proc_net_udp(5)). */
const LOCAL_ADDRESS = 1;
const REMOTE_ADDRESS = 2;
const DROPS = 12;

/**
 * Datagrams that the kernel dropped at connected sockets of ours because their receive buffers were full, summed
 * over the sockets. A socket is recognised by its local port and the port it is connected to.
 *
 * @param table text of /proc/net/udp or /proc/net/udp6
 */
export function dropsOf(table: string, localPorts: ReadonlySet<number>, remotePort: number): number {
  let drops = 0;
  for (const row of table.split('\n')) {
    const cells = row.trim().split(/\s+/);
    const local = portOf(cells[LOCAL_ADDRESS]);
    if (local === null || !localPorts.has(local) || portOf(cells[REMOTE_ADDRESS]) !== remotePort) continue;
    drops += Number(cells[DROPS]);
  }
  return drops;
}

/** `0100007F:0035` ends in the port, in hexadecimal. */
function portOf(address: string | undefined): number | null {
  const port = /^[0-9A-F]+:([0-9A-F]{4})$/.exec(address ?? '')?.[1];
  return port === undefined ? null : Number.parseInt(port, 16);
}

/** Drops as the kernel counts them now; null where it does not say. */
export function readUdpDrops(
  localPorts: readonly number[],
  target: { readonly port: number; readonly family: 4 | 6 },
): number | null {
  try {
    const table = readFileSync(target.family === 4 ? '/proc/net/udp' : '/proc/net/udp6', 'latin1');
    return dropsOf(table, new Set(localPorts), target.port);
  } catch {
    // No /proc here, or none that may be read.
    return null;
  }
}
