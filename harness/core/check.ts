/** One thing that `doctor` looked at. */
export interface Check {
  readonly name: string;
  /** `limited`: works, with something missing; `refused`: no run is possible. */
  readonly state: 'ok' | 'limited' | 'refused';
  readonly value: string;
  /** What follows for a run, and the next move; null when nothing does. */
  readonly consequence: string | null;
}
