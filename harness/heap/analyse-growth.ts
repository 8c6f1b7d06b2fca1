import type { GrowthReport } from '../core/culprit.js';
import { askProcess, type ProcessUsage } from './ask-process.js';
import type { AnalysisRequest } from './growth/analyse-files.js';

export interface AnalyseOptions {
  /** Operations between two snapshots; null or left out when not known. */
  readonly operations?: number | null;
  /** A sampling heap profile of the same process; null or left out without one. */
  readonly allocations?: string | null;
  /** Ends the analysis; its reason is thrown. */
  readonly signal?: AbortSignal;
}

export interface AnalyseDeps {
  /** The compiled `main.js`; the default stands beside the compiled form of this file. */
  readonly module: URL;
}

/** A report, and what it took to come to it. */
export interface Analysis {
  readonly report: GrowthReport;
  readonly usage: ProcessUsage;
}

/**
 * Finds what grew over two or more heap snapshots of one process, in the order in which they were taken. Works in a
 * process of its own, so that neither its memory nor its time is the caller's.
 *
 * Throws `usage` naming the file that cannot be read as a heap snapshot, and `could-not-run` when the process dies.
 */
export async function analyseGrowth(
  files: readonly string[],
  { operations = null, allocations = null, signal }: AnalyseOptions = {},
  { module = new URL('./main.js', import.meta.url) }: Partial<AnalyseDeps> = {},
): Promise<Analysis> {
  const request: AnalysisRequest = { files, operations, allocations };
  const { result, usage } = await askProcess<GrowthReport>(module, request, { signal });
  return { report: result, usage };
}
