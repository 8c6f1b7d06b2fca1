/**
 * psrecord: `psrecord PID --log FILE`, plain text under `# Elapsed time   CPU (%)     Real (MB)   Virtual (MB)`,
 * or with `--log-format csv` under `elapsed_time,nproc,cpu,mem_real,mem_virtual,…`. Seconds, and what it calls MB
 * is 2²⁰ bytes (it divides by 1024²).
 */
import type { ForeignRecording } from '../../harness/core/foreign-recording.js';
import type { ColumnMap } from './column-map.js';
import { readMapped } from './mapped.js';
import { numberOf } from './metric-column.js';
import { rowCollector } from './rows.js';
import { eachLine } from './table.js';

const PLAIN_HEADER = /^#\s*Elapsed time\s.*\bReal \(MB\)/;

const CSV: ColumnMap = {
  time: { column: 'elapsed_time', unit: 1000 },
  metrics: [{ metric: 'rss', column: 'mem_real', scale: 2 ** 20 }],
  load: null,
  pid: null,
};

/** Whether a line is the header of the plain format. */
export function isPsrecordHeader(line: string): boolean {
  return PLAIN_HEADER.test(line);
}

/** Whether these are columns of the csv format. */
export function isPsrecordCsv(columns: readonly string[]): boolean {
  return columns.includes('elapsed_time') && columns.includes('mem_real');
}

/** Reads the csv format. */
export function readPsrecordCsv(text: string): ForeignRecording {
  return readMapped(text, CSV);
}

/** Reads the plain format: numbers between blanks. */
export function readPsrecord(text: string): ForeignRecording {
  const collector = rowCollector([{ metric: 'rss', column: 'Real (MB)', scale: 2 ** 20 }]);
  let realAt = -1;
  let count = 0;
  eachLine(text, (line, number) => {
    if (isPsrecordHeader(line)) {
      const names = line
        .slice(1)
        .trim()
        .split(/\s{2,}/);
      realAt = names.indexOf('Real (MB)');
      count = names.length;
      return true;
    }
    const cells = line.trim().split(/\s+/);
    if (line.startsWith('#') || cells[0] === '') return true;
    if (realAt < 0 || cells.length < count) collector.skip('with more or fewer cells than the header');
    else {
      const timeMs = numberOf(cells[0] ?? '') * 1000;
      collector.add({ line: number, timeMs, cells: [cells[realAt] ?? ''], load: null, pid: null });
    }
    return true;
  });
  return collector.finish();
}
