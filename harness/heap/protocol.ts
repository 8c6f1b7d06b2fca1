import type { GrowthReport } from '../core/culprit.js';
import type { HarnessErrorCode } from '../core/errors.js';

/** What the process of an analysis is asked, once. */
export interface AnalysisRequest {
  readonly files: readonly string[];
  readonly operations: number | null;
}

/** What it answers, once. */
export type AnalysisAnswer =
  | { readonly kind: 'report'; readonly report: GrowthReport; readonly peakRssBytes: number }
  | { readonly kind: 'error'; readonly code: HarnessErrorCode; readonly message: string };
