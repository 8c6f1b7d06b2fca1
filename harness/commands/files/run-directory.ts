import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { readRecordingParts } from '../../../reports/csv-read.js';
import { csvHeader, csvRow, processesHeader, processRows } from '../../../reports/csv-write.js';
import { manifestJson } from '../../../reports/manifest.js';
import { resultJson } from '../../../reports/verdict-json.js';
import type { GaugeName } from '../../core/gauge.js';
import type { RunVerdict } from '../../core/verdict.js';
import type { ReadBack, RunSinks } from '../../run/sinks.js';
import { csvParts } from './csv-parts.js';
import { MAX_PART_BYTES, openRotatedCsv, type RotatedCsv } from './rotated-csv.js';
import { HEAP_FOLDER, RUN_FILES } from './run-files.js';
import { replaceFile } from './run-folder.js';

/** The files of a run on disk, for the user alone (mode 0600). */
export interface RunDirectory {
  readonly sinks: Omit<RunSinks, 'progress' | 'notice'>;
  writeVerdict(verdict: RunVerdict): void;
  close(): void;
}

/**
 * Opens `samples.csv` in the folder of a run, which is rotated at `maxPartBytes`. Its sinks throw `could-not-run`
 * when the disk refuses.
 */
export function openRunDirectory(folder: string, maxPartBytes = MAX_PART_BYTES): RunDirectory {
  const samples = openRotatedCsv(folder, RUN_FILES.samples, csvHeader(), maxPartBytes);
  let gauges: readonly GaugeName[] = [];
  /** Made when the target first has a child: most never do. */
  let processes: RotatedCsv | null = null;

  return {
    sinks: {
      sample: (row) => samples.append(csvRow(row, gauges)),
      gauges: (names) => {
        gauges = names;
        samples.columns(csvHeader(gauges));
      },
      processes: (rows) => {
        processes ??= openRotatedCsv(folder, RUN_FILES.processes, processesHeader(), maxPartBytes);
        processes.append(processRows(rows));
      },
      manifest: (manifest) => replaceFile(join(folder, RUN_FILES.manifest), manifestJson(manifest)),
      readBack: () => {
        samples.sync();
        return readSamples(folder);
      },
      paths: {
        targetLog: join(folder, RUN_FILES.targetLog),
        loadLog: join(folder, RUN_FILES.loadLog),
        targetConfig: join(folder, RUN_FILES.targetConfig),
        heap: join(folder, HEAP_FOLDER),
      },
    },
    writeVerdict: (verdict) => replaceFile(join(folder, RUN_FILES.verdict), resultJson(verdict)),
    close: () => {
      samples.close();
      processes?.close();
    },
  };
}

/** Reads all parts of `samples.csv` in a folder, in their order; one after the other, so that memory holds columns only. */
export function readSamples(folder: string): Promise<ReadBack> {
  return readRecordingParts(
    csvParts(folder, RUN_FILES.samples).map((name) => {
      const path = join(folder, name);
      return { fileName: path, open: () => createReadStream(path) };
    }),
  );
}
