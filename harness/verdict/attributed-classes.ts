import type { DescriptorGroup } from '../core/attribution.js';
import type { Culprit } from '../core/culprit.js';
import { subjectOf } from '../core/culprit-subject.js';
import type { GrowthClass } from '../core/growth-class.js';
import type { Manifest } from '../core/manifest.js';

/** Growth that a structure of the program may hold, and heap snapshots then show. */
const HELD: readonly GrowthClass['kind'][] = ['js-heap', 'buffers', 'handles'];

/** Groups of descriptors that are named; the rest are few or of many kinds. */
const GROUPS = 3;

/** Classes of growth with what was found out about them after the judged window. */
export function withAttribution(
  classes: readonly GrowthClass[],
  { attribution, openDescriptors }: Pick<Manifest, 'attribution' | 'openDescriptors'>,
): readonly GrowthClass[] {
  return advisedBy(attribution?.culprits ?? [], classes).map((one) => {
    if (one.kind !== 'descriptors' || openDescriptors === null) return one;
    const open = `open with the load ${openDescriptors.loadOn ? 'on' : 'off'}: ${groupsText(openDescriptors.groups)}`;
    return { ...one, evidence: one.evidence === null ? open : `${one.evidence}; ${open}` };
  });
}

/** Classes whose advice is where to look first, as far as a structure of the program holds what grows. */
export function advisedBy(
  culprits: readonly Culprit[],
  classes: readonly GrowthClass[],
): readonly GrowthClass[] {
  const first = culprits.find(({ artefact }) => !artefact);
  if (first === undefined) return classes;
  return classes.map((one) => (HELD.includes(one.kind) ? { ...one, advice: adviceOf(first) } : one));
}

function adviceOf(culprit: Culprit): string {
  const { share, advice } = culprit;
  const part = share === null ? '' : `, ${Math.round(100 * share)} % of the growth between heap snapshots`;
  return `look at ${subjectOf(culprit)} first${part}: ${advice}`;
}

function groupsText(groups: readonly DescriptorGroup[]): string {
  return groups
    .slice(0, GROUPS)
    .map(({ count, what }) => `${count} ${what}`)
    .join(', ');
}
