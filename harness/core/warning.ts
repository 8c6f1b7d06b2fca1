/** Every kind of warning, by the id that scripts may rely on. */
export const WARNING_IDS = [
  'agent-missing',
  'budget-dropped',
  'fail-unconfirmed',
  'fault-not-exposed',
  'few-samples',
  'gaps',
  'generator-fell-short',
  'interrupted',
  'not-permitted',
  'recording-incomplete',
  'structure-filling',
  'target-restarted',
  'truncated-row',
  'warm-up-limit',
  'watchdog-lost',
] as const;

/**
 * A reason to trust a reading less. Warnings travel with the result; they turn a pass into inconclusive, and
 * a fail only where they concern the reading itself (`concerns: 'reading'`).
 */
export interface Warning {
  readonly id: (typeof WARNING_IDS)[number];
  /** `reading`: the samples themselves; `coverage`: what they can speak for; `note`: changes no verdict. */
  readonly concerns: 'reading' | 'coverage' | 'note';
  readonly message: string;
}
