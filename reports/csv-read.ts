import { usageError } from '../harness/core/errors.js';
import type { Warning } from '../harness/core/warning.js';
import { recordCells, recordCutter } from './csv-records.js';
import { csvRowReader, type ReadRecording, recordedRows } from './csv-rows.js';

/** One file of a recording that was rotated. */
export interface RecordingPart {
  readonly fileName: string;
  /** Opens it when its turn has come. */
  open(): AsyncIterable<Buffer | string>;
}

/**
 * Reads `samples.csv` from its bytes. A last line that was cut off (no line end, or too few cells) is dropped
 * with a warning; anything else wrong is a usage error that names file and line. A header without rows is a
 * recording of none. Errors of the source itself (no such file) are passed on as they are.
 */
export function readRecording(
  source: AsyncIterable<Buffer | string>,
  fileName: string,
): Promise<ReadRecording> {
  return readRecordingParts([{ fileName, open: () => source }]);
}

/**
 * Reads the parts of one recording, the oldest first, as if they were one file: each has a header of its own, which
 * may hold other gauges. An empty last part was just begun when the rig was killed.
 */
export async function readRecordingParts(parts: readonly RecordingPart[]): Promise<ReadRecording> {
  const rows = recordedRows();
  let read: ReadRecording | undefined;
  const allWarnings: Warning[] = [];
  for (const { fileName, open } of parts) {
    const reader = csvRowReader(fileName, rows);
    const cutter = recordCutter((record, line) =>
      reader.take(recordCells(record, line, `${fileName}: `), line),
    );
    const decoder = new TextDecoder();
    let empty = true;
    for await (const chunk of open()) {
      empty = false;
      cutter.push(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
    }
    if (empty && read !== undefined) continue;
    read = reader.finish(cutter.end());
    allWarnings.push(...read.warnings);
  }
  if (read === undefined) throw usageError('a recording has at least one file');
  return { ...read, warnings: allWarnings };
}
