import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { usageError } from '../harness/core/errors.js';
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
  let endsWithNewline = false;
  const noteLastByte = async function* (chunks: AsyncIterable<Buffer | string>) {
    for await (const chunk of chunks) {
      if (chunk.length > 0) endsWithNewline = /[\r\n]$/.test(chunk.slice(-1).toString());
      yield chunk;
    }
  };
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    on_record: (cells: string[], { lines }) => {
      rows.take(cells, lines);
      return null;
    },
  });
  // Every record is consumed in `on_record`; nothing reaches the readable side, which must still flow to end.
  parser.resume();
  try {
    await pipeline(source, noteLastByte, parser);
  } catch (thrown) {
    if (thrown instanceof CsvError) {
      throw usageError(`${fileName}: not readable as CSV: ${thrown.message}`, thrown);
    }
    throw thrown;
  }
  return rows.finish(endsWithNewline);
}
