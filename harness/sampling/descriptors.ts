import { readdirSync, readlinkSync, statSync } from 'node:fs';
import type { DatagramCells, DescriptorCells } from '../core/sample-cells.js';
import { createRation } from './ration.js';
import { NO_TCP_SOCKETS, readTcpStates, readUdpDrops } from './socket-tables.js';
import { UNREAD_DATAGRAMS, UNREAD_DESCRIPTORS } from './unread-cells.js';

/**
 * Rows after which the kinds are read although the count stands still: what a socket becomes is not seen by it.
 * Walking the kernel's tables of TCP sockets costs 5 to 10 ms however few there are.
 */
const EVERY_TICKS = 300;

/** Rows between two readings of the tables of UDP sockets, and the share of the time for them: 0.2 ms each. */
const DROPS_EVERY_TICKS = 10;
const DROPS_SHARE = 0.001;

/**
 * Share of the time that a census may take: 4 µs per descriptor (4 ms per thousand) and some ms for the tables
 * of sockets, so about every other second; ten times as often when the user set a budget on what it counts.
 */
const CENSUS_SHARE = 0.005;
const CENSUS_SHARE_WHEN_ASKED = 0.05;

/** Reads the target's descriptors by kind, its TCP sockets by state and what its UDP sockets dropped. */
export interface DescriptorProbe {
  /** Unread cells while the number stands still; `thorough` asks for a census out of turn. */
  read(fds: number | null, thorough: boolean): DescriptorCells & DatagramCells;
}

/** `asked`: a census as often as its cost by `nowMs` allows, since a budget was set on what it counts. */
export function openDescriptorProbe(pid: number, asked: boolean, nowMs?: () => number): DescriptorProbe {
  const ration = createRation(asked ? CENSUS_SHARE_WHEN_ASKED : CENSUS_SHARE, nowMs);
  const dropsRation = createRation(DROPS_SHARE, nowMs);
  let sockets: ReadonlySet<string> = new Set();
  let countedFds: number | null = null;
  let wanted = true;
  let tick = -1;

  const census = (fds: number): DescriptorCells => {
    const links = readLinks(pid);
    if (links === null) return UNREAD_DESCRIPTORS;
    countedFds = fds;
    wanted = false;
    sockets = socketInodes(links);
    const tcp = sockets.size === 0 ? NO_TCP_SOCKETS : readTcpStates(pid, sockets);
    return { ...UNREAD_DESCRIPTORS, ...kindsOf(links), ...tcp, logBytes: logBytesOf(links) };
  };
  const drops = (thorough: boolean): DatagramCells => {
    const inTurn = thorough || tick % DROPS_EVERY_TICKS === 0;
    if (!inTurn || sockets.size === 0 || !dropsRation.isDue()) return UNREAD_DATAGRAMS;
    return { udpDrops: dropsRation.run(() => readUdpDrops(pid, sockets)) };
  };
  return {
    read: (fds, thorough) => {
      tick++;
      if (fds === null) return { ...UNREAD_DESCRIPTORS, ...UNREAD_DATAGRAMS };
      // A census that has to wait for its ration is made up for, also when the count stands still by then.
      wanted ||= asked || thorough || fds !== countedFds || tick % EVERY_TICKS === 0;
      const cells = wanted && ration.isDue() ? ration.run(() => census(fds)) : UNREAD_DESCRIPTORS;
      return { ...cells, ...drops(thorough) };
    },
  };
}

/** What each descriptor stands for; null when we may not look. One that was closed meanwhile is left out. */
export function readLinks(pid: number): readonly string[] | null {
  const folder = `/proc/${pid}/fd`;
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return null;
  }
  return names.flatMap((name) => {
    try {
      return [readlinkSync(`${folder}/${name}`)];
    } catch {
      return [];
    }
  });
}

type KindCells = Pick<DescriptorCells, 'sockets' | 'files' | 'pipes' | 'eventPolls' | 'otherFds'>;

/** Counts links by kind: `socket:[123]`, `/var/log/x`, `pipe:[4]`, `anon_inode:[eventpoll]`, anything else. */
export function kindsOf(links: readonly string[]): KindCells {
  const counts = { sockets: 0, files: 0, pipes: 0, eventPolls: 0, otherFds: 0 };
  for (const link of links) {
    if (link.startsWith('socket:')) counts.sockets++;
    else if (link.startsWith('/')) counts.files++;
    else if (link.startsWith('pipe:')) counts.pipes++;
    else if (link.startsWith('anon_inode:')) counts.eventPolls++;
    else counts.otherFds++;
  }
  return counts;
}

function socketInodes(links: readonly string[]): ReadonlySet<string> {
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

/** Together how large the log files are, each once; null when there are none. */
function logBytesOf(links: readonly string[]): number | null {
  const paths = new Set(links.filter((link) => link.startsWith('/') && link.endsWith('.log')));
  if (paths.size === 0) return null;
  let bytes = 0;
  for (const path of paths) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}
