import type { LeakSubject } from '../../core/leak-baseline.js';
import { withoutSecrets } from '../../core/secrets.js';
import type { TargetInfo } from '../../core/target-info.js';

/**
 * Whose leaks a run's are. The built-in node's command holds paths of this run, and its faults are what is tried on
 * it: neither belongs to it. Passwords in addresses are left out, since a baseline is kept in a repository.
 */
export function leakSubject(
  scenario: string,
  { kind, command }: Pick<TargetInfo, 'kind' | 'command'>,
): LeakSubject {
  return { scenario, command: kind === 'built-in' ? null : withoutSecrets('', command.join(' ')) };
}

export function isSameSubject(a: LeakSubject, b: LeakSubject): boolean {
  return a.scenario === b.scenario && a.command === b.command;
}
