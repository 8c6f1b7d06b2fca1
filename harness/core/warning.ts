/**
 * A reason to trust a reading less. Warnings travel with the result; they turn a pass into inconclusive, and
 * a fail only where they concern the reading itself (`concerns: 'reading'`).
 */
export interface Warning {
  readonly id:
    | 'agent-missing'
    | 'budget-dropped'
    | 'fault-not-exposed'
    | 'few-samples'
    | 'gaps'
    | 'generator-fell-short'
    | 'interrupted'
    | 'recording-incomplete'
    | 'structure-filling'
    | 'structures-unread'
    | 'truncated-row'
    | 'watchdog-lost';
  /** `reading`: the samples themselves; `coverage`: what they can speak for; `note`: changes no verdict. */
  readonly concerns: 'reading' | 'coverage' | 'note';
  readonly message: string;
}
