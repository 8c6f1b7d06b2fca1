/** Every kind of warning, by the id that scripts may rely on. */
export const WARNING_IDS = [
  'agent-missing',
  'attribution-incomplete',
  'budget-dropped',
  'culprit-unknown',
  'fail-unconfirmed',
  'fault-not-exposed',
  'few-samples',
  'gaps',
  'gauges-dropped',
  'gauges-unread',
  'generator-fell-short',
  'interrupted',
  'not-permitted',
  'readiness-unknown',
  'recording-incomplete',
  'structure-filling',
  'target-restarted',
  'truncated-row',
  'warm-up-limit',
  'watchdog-lost',
] as const;

/**
 * A reason to trust a reading less. Warnings travel with the result; they turn a pass into inconclusive, and
 * a fail only where they concern the reading itself or the nature of its growth; the latter leave a pass alone.
 */
export interface Warning {
  readonly id: (typeof WARNING_IDS)[number];
  /**
   * `reading`: the samples themselves; `growth`: it may be something else than a leak; `coverage`: what the samples
   * can speak for; `note`: changes no verdict.
   */
  readonly concerns: 'reading' | 'growth' | 'coverage' | 'note';
  readonly message: string;
}
