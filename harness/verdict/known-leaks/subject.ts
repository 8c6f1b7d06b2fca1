import type { LeakSubject } from '../../core/leak-baseline.js';
import type { TargetInfo } from '../../core/target-info.js';

/**
 * Whose leaks a run's are. The built-in node's command holds paths of this run, and its faults are what is tried on
 * it: neither belongs to it.
 */
export function leakSubject(
  scenario: string,
  { kind, command }: Pick<TargetInfo, 'kind' | 'command'>,
): LeakSubject {
  return { scenario, command: kind === 'built-in' ? null : command.join(' ') };
}

export function isSameSubject(a: LeakSubject, b: LeakSubject): boolean {
  return a.scenario === b.scenario && a.command === b.command;
}
