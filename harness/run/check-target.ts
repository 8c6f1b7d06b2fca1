import { usageError } from '../core/errors.js';
import type { Scenario } from './scenario.js';
import type { TargetSpec } from './target-spec.js';

/** Throws `usage` where a scenario and a target do not go together. */
export function checkTarget(scenario: Scenario, target: TargetSpec, faults: readonly string[]): void {
  if (target.kind === 'built-in') {
    if (scenario.targetConfig !== null) return;
    throw usageError(
      `scenario ${scenario.name} drives a server of yours: give it with --command "…" or --pid N, and ` +
        `${flags(scenario.needs)} with where it listens`,
    );
  }
  const [fault] = faults;
  if (fault !== undefined) {
    throw usageError(
      `--fault ${fault} belongs to the built-in node: leave it out, or leave out --command and --pid`,
    );
  }
  const missing = scenario.needs.filter((service) => target.addresses[service] === undefined);
  if (missing.length > 0) {
    throw usageError(
      `scenario ${scenario.name} must know where the target listens: add ${flags(missing)} ADDRESS`,
    );
  }
}

function flags(services: readonly string[]): string {
  return services.map((service) => `--${service}`).join(' and ');
}
