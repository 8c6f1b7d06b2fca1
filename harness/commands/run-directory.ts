import { closeSync, createReadStream, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readRecording } from '../../reports/csv-read.js';
import { csvHeader, csvRow, processesHeader, processRows } from '../../reports/csv-write.js';
import { manifestJson } from '../../reports/manifest.js';
import { resultJson } from '../../reports/verdict-json.js';
import type { RunVerdict } from '../core/verdict.js';
import type { RunSinks } from '../run/sinks.js';
import { RUN_FILES } from './run-files.js';
import { cannotWrite, replaceFile } from './run-folder.js';

/** The files of a run on disk, for the user alone (mode 0600). */
export interface RunDirectory {
  readonly sinks: Omit<RunSinks, 'progress' | 'notice'>;
  writeVerdict(verdict: RunVerdict): void;
  close(): void;
}

/** Opens `samples.csv` in the folder of a run. Its sinks throw `could-not-run` when the disk refuses. */
export function openRunDirectory(folder: string): RunDirectory {
  const samplesPath = join(folder, RUN_FILES.samples);
  const samples = openSync(samplesPath, 'w', 0o600);
  const append = (text: string): void => write(samples, samplesPath, text);
  append(csvHeader());
  const processesPath = join(folder, RUN_FILES.processes);
  /** Made when the target first has a child: most never do. */
  let processes: number | null = null;

  return {
    sinks: {
      sample: (row) => append(csvRow(row)),
      processes: (rows) => {
        if (processes === null) {
          processes = openSync(processesPath, 'w', 0o600);
          write(processes, processesPath, processesHeader());
        }
        write(processes, processesPath, processRows(rows));
      },
      manifest: (manifest) => replaceFile(join(folder, RUN_FILES.manifest), manifestJson(manifest)),
      readBack: () => {
        fsyncSync(samples);
        return readRecording(createReadStream(samplesPath), samplesPath);
      },
      paths: {
        targetLog: join(folder, RUN_FILES.targetLog),
        loadLog: join(folder, RUN_FILES.loadLog),
        targetConfig: join(folder, RUN_FILES.targetConfig),
      },
    },
    writeVerdict: (verdict) => replaceFile(join(folder, RUN_FILES.verdict), resultJson(verdict)),
    close: () => {
      closeSync(samples);
      if (processes !== null) closeSync(processes);
    },
  };
}

function write(fd: number, path: string, text: string): void {
  try {
    writeSync(fd, text);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
