/** A fact about the target that stands beside its growth: service, liveness, death. `error` means exit 1. */
export interface Finding {
  readonly id:
    | 'answers-missing'
    | 'could-not-run'
    | 'wrong-answers'
    | 'failed-operations'
    | 'probe-failed'
    | 'died-of-growth'
    | 'excursion'
    | 'late-recovery'
    | 'level-exceeded'
    | 'service-interrupted'
    | 'service-stopped'
    | 'target-died'
    | 'target-ignored-sigterm'
    | 'target-listened-late'
    | 'target-log-cut'
    | 'target-output-closed'
    | 'target-restarted';
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}
