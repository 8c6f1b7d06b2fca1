import { readFileSync } from 'node:fs';
import type { DescriptorCells } from '../core/sample-cells.js';

/** Sockets of the target by state. */
export type TcpCells = Pick<
  DescriptorCells,
  'tcpListening' | 'tcpConnecting' | 'tcpEstablished' | 'tcpCloseWait' | 'tcpClosing'
>;

type TcpState = keyof TcpCells;

export const NO_TCP_SOCKETS = {
  tcpListening: 0,
  tcpConnecting: 0,
  tcpEstablished: 0,
  tcpCloseWait: 0,
  tcpClosing: 0,
} as const satisfies TcpCells;

/** The state by its number in the table (`include/net/tcp_states.h`); 06 and 07 are of sockets that nobody holds. */
const TCP_STATES: Readonly<Record<string, TcpState>> = {
  '01': 'tcpEstablished',
  '02': 'tcpConnecting',
  '03': 'tcpConnecting',
  '04': 'tcpClosing',
  '05': 'tcpClosing',
  '08': 'tcpCloseWait',
  '09': 'tcpClosing',
  '0A': 'tcpListening',
  '0B': 'tcpClosing',
  '0C': 'tcpConnecting',
};

/** Columns of /proc/net/tcp and udp, by blanks (proc_net(5)). */
const STATE_COLUMN = 3;
const INODE_COLUMN = 9;
const DROPS_COLUMN = 12;

/** The TCP sockets of these inodes by state; null when the tables of the process's network cannot be read. */
export function readTcpStates(pid: number, inodes: ReadonlySet<string>): TcpCells | null {
  const tables = readSocketTable(pid, 'tcp');
  return tables === null ? null : countTcpStates(tables, inodes);
}

/** Counts the sockets of these inodes in the text of /proc/net/tcp and tcp6. */
export function countTcpStates(tables: string, inodes: ReadonlySet<string>): TcpCells {
  const counts: Record<TcpState, number> = { ...NO_TCP_SOCKETS };
  for (const columns of rowsOf(tables)) {
    if (!inodes.has(columns[INODE_COLUMN] ?? '')) continue;
    const state = TCP_STATES[columns[STATE_COLUMN] ?? ''];
    if (state !== undefined) counts[state]++;
  }
  return counts;
}

/** Datagrams dropped before the UDP sockets of these inodes; null when there is none, or no table can be read. */
export function readUdpDrops(pid: number, inodes: ReadonlySet<string>): number | null {
  const tables = readSocketTable(pid, 'udp');
  return tables === null ? null : sumUdpDrops(tables, inodes);
}

/** Sums up the last column of /proc/net/udp and udp6 for these inodes; null when none is in it. */
export function sumUdpDrops(tables: string, inodes: ReadonlySet<string>): number | null {
  let drops: number | null = null;
  for (const columns of rowsOf(tables)) {
    if (inodes.has(columns[INODE_COLUMN] ?? '')) drops = (drops ?? 0) + Number(columns[DROPS_COLUMN]);
  }
  return drops;
}

/** Lines of a table as their columns. */
export function* rowsOf(tables: string): Generator<readonly string[]> {
  for (const line of tables.split('\n')) yield line.trim().split(/ +/);
}

/**
 * The table of a protocol in a process's network, both families in one text: a kernel without IPv6 has only the first.
 * Null when none can be read.
 */
export function readSocketTable(pid: number, protocol: 'tcp' | 'udp' | 'unix'): string | null {
  const texts = [protocol, `${protocol}6`].flatMap((name) => {
    try {
      return [readFileSync(`/proc/${pid}/net/${name}`, 'latin1')];
    } catch {
      return [];
    }
  });
  return texts.length === 0 ? null : texts.join('\n');
}
