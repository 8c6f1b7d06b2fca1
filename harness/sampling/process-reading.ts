/** What the operating system says of one process at one moment; null where it could not be read. */
export interface ProcessReading {
  readonly rssBytes: number | null;
  readonly fds: number | null;
  readonly threads: number | null;
  /** CPU time used since the process started, user and system. */
  readonly cpuMs: number | null;
}

/** A way to read one process, over and over. */
export interface ProcessSource {
  readonly name: 'proc' | 'pidusage';
  /** Resolves to null when the process has gone; its number in another's hands counts as gone. */
  read(): Promise<ProcessReading | null>;
  close(): void;
}
