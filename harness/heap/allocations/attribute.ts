import type { Culprit } from '../../core/culprit.js';
import type { AllocationSite } from './allocation-profile.js';

/** Part of a culprit's bytes on the heap that one site must account for when no constructor's name tells. */
const LEAST_PART = 0.3;

/**
 * Says where each culprit's content was allocated: at the largest site below a function of the content's name, its
 * constructor. Failing that, for the first culprit, at the largest site of all if it is as large as the culprit.
 */
export function attributeAllocations(
  culprits: readonly Culprit[],
  sites: readonly AllocationSite[],
): readonly Culprit[] {
  return culprits.map((culprit, rank) => {
    const site = constructorSite(culprit, sites) ?? (rank === 0 ? largestSite(culprit, sites) : undefined);
    return site === undefined ? culprit : { ...culprit, allocationStack: site.stack };
  });
}

function constructorSite(
  { contents }: Culprit,
  sites: readonly AllocationSite[],
): AllocationSite | undefined {
  const names = contents
    .map(({ className }) => className)
    .filter((name) => name !== 'Object' && name !== 'Array');
  return sites.find(({ functions }) => names.some((name) => functions.has(name)));
}

function largestSite(culprit: Culprit, [largest]: readonly AllocationSite[]): AllocationSite | undefined {
  const heldBytes = (culprit.heldBytes.at(-1) ?? 0) - culprit.offHeapGrowthBytes;
  return (largest?.liveBytes ?? 0) >= LEAST_PART * heldBytes ? largest : undefined;
}
