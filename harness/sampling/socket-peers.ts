import { readSocketTable, rowsOf } from './socket-tables.js';

/** Names of the states by their numbers (`include/net/tcp_states.h`), as ss(8) spells them. */
const STATES: Readonly<Record<string, string>> = {
  '01': 'ESTABLISHED',
  '02': 'SYN-SENT',
  '03': 'SYN-RECV',
  '04': 'FIN-WAIT-1',
  '05': 'FIN-WAIT-2',
  '06': 'TIME-WAIT',
  '07': 'CLOSED',
  '08': 'CLOSE-WAIT',
  '09': 'LAST-ACK',
  '0A': 'LISTEN',
  '0B': 'CLOSING',
};
const LISTEN = '0A';

/** Columns of /proc/net/tcp and udp, by blanks (proc_net(5)). */
const [LOCAL, REMOTE, STATE, INODE] = [1, 2, 3, 9];

/** What each socket of a process's network is, by its inode: protocol, state, and the peer or the port it came in by. */
export function describeSockets(pid: number): ReadonlyMap<string, string> {
  return describeTables({
    tcp: readSocketTable(pid, 'tcp') ?? '',
    udp: readSocketTable(pid, 'udp') ?? '',
    unix: readSocketTable(pid, 'unix') ?? '',
  });
}

/** The same from the texts of the tables. */
export function describeTables(tables: {
  readonly tcp: string;
  readonly udp: string;
  readonly unix: string;
}): ReadonlyMap<string, string> {
  const described = new Map<string, string>();
  const tcp = [...rowsOf(tables.tcp)].filter((row) => /^\d+:$/.test(row[0] ?? ''));
  const served = new Set(tcp.filter((row) => row[STATE] === LISTEN).map((row) => portOf(row[LOCAL])));
  for (const row of tcp) {
    const [local = '', remote = '', state = ''] = [row[LOCAL], row[REMOTE], row[STATE]];
    const name = STATES[state] ?? state;
    const what =
      state === LISTEN
        ? `TCP ${name} on ${addressText(local)}`
        : served.has(portOf(local))
          ? `TCP ${name} accepted on ${addressText(local)}`
          : `TCP ${name} to ${addressText(remote)}`;
    described.set(row[INODE] ?? '', what);
  }
  for (const row of rowsOf(tables.udp)) {
    if (!/^\d+:$/.test(row[0] ?? '')) continue;
    const remote = row[REMOTE] ?? '';
    described.set(
      row[INODE] ?? '',
      portOf(remote) === 0 ? 'UDP, not connected' : `UDP to ${addressText(remote)}`,
    );
  }
  // Num RefCount Protocol Flags Type St Inode Path (proc_net(5)).
  for (const [, , , , , , inode = '', path] of rowsOf(tables.unix)) {
    if (/^\d+$/.test(inode)) described.set(inode, path === undefined ? 'Unix, unnamed' : `Unix ${path}`);
  }
  return described;
}

function portOf(address = ''): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16);
}

/** `0100007F:0035` as `127.0.0.1:53`: the address stands in words of the machine's byte order, little-endian here. */
function addressText(address: string): string {
  const words = (address.split(':')[0] ?? '').match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((hex) => Number.parseInt(hex, 16)),
  );
  const isMapped =
    bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff;
  if (bytes.length === 4 || isMapped) return `${bytes.slice(-4).join('.')}:${portOf(address)}`;
  const groups = Array.from({ length: 8 }, (_, i) =>
    (256 * (bytes[2 * i] ?? 0) + (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  // As URLs write it, with its zeros taken together (RFC 5952).
  return `${new URL(`http://[${groups.join(':')}]`).hostname}:${portOf(address)}`;
}
