import { appendFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { reasonOf, StartError } from '../errors.js';
import { countedStructure, type StructureSize } from './structure.js';

/** Where the node writes what it did, for people who look for a mistake in it. */
export interface DebugLog {
  /** Notes an event; its fields must be few and small. */
  note(event: string, fields: Readonly<Record<string, string | number>>): void;
  structures(): readonly StructureSize[];
  /** Writes what is still to be written. */
  close(): void;
}

/** Writes nothing. */
export const NO_DEBUG_LOG: DebugLog = {
  note: () => undefined,
  structures: () => [],
  close: () => undefined,
};

/** Largest number of lines that wait to be written; beyond it lines are dropped, and counted in the next one. */
const MAX_WAITING = 1000;
const WRITE_INTERVAL_MS = 1000;

/**
 * Lines of JSON in a file and its predecessor, each of at most `maxBytes`: written once a second, dropped when they
 * come faster than that takes them. Events of `note` cost a string and no system call.
 */
export class BoundedDebugLog implements DebugLog {
  private readonly file: string;
  private readonly maxBytes: number;
  private readonly timer: NodeJS.Timeout;
  private waiting: string[] = [];
  private dropped = 0;
  private fileBytes: number;

  /** Throws the system's error when the file cannot be written. */
  constructor(file: string, maxBytes: number) {
    this.file = file;
    this.maxBytes = maxBytes;
    appendFileSync(file, '');
    this.fileBytes = statSync(file).size;
    this.timer = setInterval(() => this.write(), WRITE_INTERVAL_MS);
  }

  note(event: string, fields: Readonly<Record<string, string | number>>): void {
    if (this.waiting.length >= MAX_WAITING) this.dropped += 1;
    else this.waiting.push(`${JSON.stringify({ event, ...fields })}\n`);
  }

  structures(): readonly StructureSize[] {
    return [countedStructure('debug-log-queue', this.waiting.length, MAX_WAITING)];
  }

  close(): void {
    clearInterval(this.timer);
    this.write();
  }

  private write(): void {
    if (this.waiting.length === 0) return;
    if (this.dropped > 0) this.waiting.push(`${JSON.stringify({ event: 'dropped', count: this.dropped })}\n`);
    const text = this.waiting.join('');
    this.waiting = [];
    this.dropped = 0;
    try {
      if (this.fileBytes + text.length > this.maxBytes) {
        renameSync(this.file, `${this.file}.1`);
        writeFileSync(this.file, text);
        this.fileBytes = text.length;
      } else {
        appendFileSync(this.file, text);
        this.fileBytes += text.length;
      }
    } catch {
      // A full disk or a removed folder must not end the service; the lines are lost, and the next ones are tried again.
      this.dropped += 1;
    }
  }
}

/** The bounded log in this file. Throws `StartError` that names it when it cannot be written. */
export function openDebugLog(file: string, maxBytes: number): DebugLog {
  try {
    return new BoundedDebugLog(file, maxBytes);
  } catch (error) {
    throw new StartError(
      `[debug] file = "${file}": cannot be written (${reasonOf(error)}); name another file`,
    );
  }
}
