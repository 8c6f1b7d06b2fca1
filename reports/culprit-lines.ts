import type { Culprit, RetainerStep } from '../harness/core/culprit.js';
import { subjectOf } from '../harness/core/culprit-subject.js';
import { formatBytes } from '../harness/core/units.js';
import type { Colours } from './colours.js';

/** A structure that grows: what piles up in it, by how much, who holds it, and what to do. */
export function culpritLines(culprit: Culprit, rank: number, colours: Colours): string[] {
  const { structures, contents, heldBytes, share, growthPerOp } = culprit;
  const many = structures > 1 ? `${structures} x ` : '';
  const what = contents.map((content) => `${content.className} ${content.counts.join(' > ')}`).join(', ');
  const rise = (heldBytes.at(-1) ?? 0) - (heldBytes[0] ?? 0);
  const part = share === null ? '' : `, ${Math.round(100 * share)} % of all growth`;
  const outside =
    culprit.offHeapGrowthBytes > 0
      ? `, ${formatBytes(culprit.offHeapGrowthBytes)} of it outside the heap`
      : '';
  const perOp =
    growthPerOp === null
      ? []
      : [`per op     ${formatBytes(growthPerOp.bytes)}, ${plural(growthPerOp.objects, 'object')}`];
  const rows = [
    `grows      ${what === '' ? heldBytes.map(formatBytes).join(' > ') : what}`,
    `growth     ${signed(rise)}${part}${outside}`,
    ...perOp,
    `retained   ${culprit.retainedBytes.map(formatBytes).join(' > ')}`,
    `held by    ${pathText(culprit.path)}`,
    ...(culprit.allocationStack === null ? [] : [`allocated  ${culprit.allocationStack.join(' < ')}`]),
    `advice     ${culprit.advice}`,
    `id         ${culprit.fingerprint}`,
  ];
  const steps = heldBytes.length - 1;
  const title = colours.bold(`${many}${subjectOf(culprit)}`);
  return [
    `${rank}. ${title} grew ${steps === 1 ? 'in the one step' : `at each of ${steps} steps`} [${culprit.kind}]`,
    ...rows.map((row) => `   ${row}`),
  ];
}

/** A path as one line: `Server → _events → request() → cache DnsCache → entries Map`. */
export function pathText(path: readonly RetainerStep[]): string {
  return path.map(stepText).join(' → ');
}

function stepText({ name, className }: RetainerStep): string {
  if (name === '[]') return className;
  if (className === 'Object') return name;
  if (className === '(anonymous)()' || className === `${name}()`) return `${name}()`;
  return `${name} ${className}`;
}

/** A size with a plus where it is one. */
export function signed(bytes: number): string {
  return bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes);
}

/** A number with at most two decimals and its noun. */
export function plural(amount: number, noun: string): string {
  const number = Number(amount.toFixed(2));
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
