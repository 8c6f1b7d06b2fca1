import type { CgroupCells, DatagramCells, DescriptorCells, MemoryCells } from '../core/sample-cells.js';
import type { TargetCells } from './process-reading.js';

/** Cells of groups that were not read at a tick. */

export const UNREAD_MEMORY: MemoryCells = { pssBytes: null, ussBytes: null, swapBytes: null };

export const UNREAD_DESCRIPTORS: DescriptorCells = {
  sockets: null,
  files: null,
  pipes: null,
  eventPolls: null,
  otherFds: null,
  tcpListening: null,
  tcpConnecting: null,
  tcpEstablished: null,
  tcpCloseWait: null,
  tcpClosing: null,
  logBytes: null,
};

export const UNREAD_DATAGRAMS: DatagramCells = { udpDrops: null };

export const UNREAD_CGROUP: CgroupCells = {
  cgroupCurrentBytes: null,
  cgroupAnonBytes: null,
  cgroupFileBytes: null,
  cgroupKernelBytes: null,
  cgroupSockBytes: null,
  cgroupHighEvents: null,
  cgroupMaxEvents: null,
  cgroupOomKills: null,
  cgroupPressurePercent: null,
};

export const UNREAD_TARGET: TargetCells = {
  ioWriteBytes: null,
  treeProcesses: null,
  treeRssBytes: null,
  treeFds: null,
  treeThreads: null,
  ...UNREAD_MEMORY,
  ...UNREAD_DESCRIPTORS,
  ...UNREAD_DATAGRAMS,
  ...UNREAD_CGROUP,
};
