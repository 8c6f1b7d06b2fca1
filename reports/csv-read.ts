import { recordCells, recordCutter } from './csv-records.js';
import { csvRowReader, type ReadRecording } from './csv-rows.js';

/**
 * Reads `samples.csv` from its bytes. A last line that was cut off (no line end, or too few cells) is dropped
 * with a warning; anything else wrong is a usage error that names file and line. A header without rows is a
 * recording of none. Errors of the source itself (no such file) are passed on as they are.
 */
export async function readRecording(
  source: AsyncIterable<Buffer | string>,
  fileName: string,
): Promise<ReadRecording> {
  const rows = csvRowReader(fileName);
  const records = recordCutter((record, line) => rows.take(recordCells(record, line, `${fileName}: `), line));
  const decoder = new TextDecoder();
  for await (const chunk of source) {
    records.push(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
  }
  return rows.finish(records.end());
}
