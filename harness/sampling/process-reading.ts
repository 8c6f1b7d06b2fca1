import type {
  CgroupCells,
  DatagramCells,
  DescriptorCells,
  MemoryCells,
  ProcessCells,
  TreeCells,
} from '../core/sample-cells.js';

/** What the operating system says of one process at one moment; null where it could not be read. */
export interface ProcessReading {
  readonly rssBytes: number | null;
  readonly fds: number | null;
  readonly threads: number | null;
  /** CPU time used since the process started, user and system. */
  readonly cpuMs: number | null;
  /** The same of its children that have ended and were waited for. */
  readonly childrenCpuMs: number | null;
}

/** A way to read one process, over and over. */
export interface ProcessSource {
  readonly name: 'proc' | 'pidusage';
  /** Resolves to null when the process has gone; its number in another's hands counts as gone. */
  read(): Promise<ProcessReading | null>;
  close(): void;
}

/** What is read of the target alone, as cells of its row. */
export type TargetCells = Pick<ProcessCells, 'ioWriteBytes'> &
  Omit<TreeCells, 'treeCpuPercent'> &
  MemoryCells &
  DescriptorCells &
  DatagramCells &
  CgroupCells;

/** One process of the target's tree. */
export interface MemberReading extends ProcessReading {
  readonly pid: number;
  readonly parentPid: number | null;
  readonly name: string | null;
}

/** What the operating system says of the target, its descendants and its control group. */
export interface TargetReading extends ProcessReading {
  /** CPU time of the whole tree, of what has ended in it as well. */
  readonly treeCpuMs: number | null;
  readonly cells: TargetCells;
  /** Each process of the tree, the target first; empty while it is alone. */
  readonly members: readonly MemberReading[];
}

/** A way to read the target, over and over. */
export interface TargetSource {
  readonly name: 'proc' | 'pidusage';
  /**
   * Resolves to null when the target has gone. With `thorough` the costly readings are made as well if what
   * they cost allows it: a phase has just begun.
   */
  read(thorough: boolean): Promise<TargetReading | null>;
  close(): void;
}
