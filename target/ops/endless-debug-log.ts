import { appendFileSync } from 'node:fs';
import type { DebugLog } from './debug-log.js';

/**
 * The instrumentation that seed 000's fix left in: a line for every event, each written by opening, appending to and
 * closing a file that nothing ever cuts. What grows is the disk, by about 50 bytes an event.
 */
export class EndlessDebugLog implements DebugLog {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  note(event: string, fields: Readonly<Record<string, string | number>>): void {
    appendFileSync(this.file, `${JSON.stringify({ event, ...fields })}\n`);
  }

  structures(): readonly [] {
    return [];
  }

  close(): void {
    // Nothing waits: each line was written when it came.
  }
}
