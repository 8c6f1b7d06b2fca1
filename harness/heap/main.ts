import { HarnessError } from '../core/errors.js';
import { analyseFiles } from './growth/analyse-files.js';
import type { AnalysisAnswer, AnalysisRequest } from './protocol.js';

/** The process of an analysis: one request, one answer. It ends with its parent, and frees its memory by ending. */
process.once('message', (request: AnalysisRequest) => {
  answer(request).then((message) => process.send?.(message, () => process.disconnect()));
});
process.once('disconnect', () => process.exit());

async function answer({ files, operations }: AnalysisRequest): Promise<AnalysisAnswer> {
  try {
    const report = await analyseFiles(files, { operations });
    return { kind: 'report', report, peakRssBytes: process.resourceUsage().maxRSS * 1024 };
  } catch (error) {
    if (error instanceof HarnessError) return { kind: 'error', code: error.code, message: error.message };
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {
      kind: 'error',
      code: 'could-not-run',
      message: `the heap snapshots cannot be compared: ${message}`,
    };
  }
}
