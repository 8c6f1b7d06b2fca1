import type { Culprit } from '../../core/culprit.js';
import type { KnownCulprit, KnownLeak, MetLeak } from '../../core/leak-baseline.js';
import type { MetricVerdict } from '../../core/verdict.js';
import { HELD_BY_OBJECTS } from '../held-by-objects.js';

/** Part of the growth between heap snapshots from which on a structure is of weight, whatever grows beside it. */
const WEIGHTY_SHARE = 0.05;

/** Below this part a structure may grow at each of two steps by chance. */
const CHANCE_SHARE = 0.01;

/** Smaller ones are not recorded; less than by chance, so that one near the border does not appear as new. */
const RECORDED_SHARE = 0.005;

/** Steps at the end of the way to a structure by which a reader knows it. */
const SHOWN_STEPS = 3;

/** The structures of the program that grew with a metric, as a baseline keeps them; empty where a heap holds none of it. */
export function knownCulprits(
  { metric }: Pick<MetricVerdict, 'metric'>,
  culprits: readonly Culprit[],
): readonly KnownCulprit[] {
  if (!HELD_BY_OBJECTS.includes(metric)) return [];
  const own = culprits.filter(({ artefact }) => !artefact);
  return own
    .filter(({ share }, i) => i === 0 || share === null || share >= RECORDED_SHARE)
    .map(({ fingerprint, path }) => ({
      fingerprint,
      structure: path
        .slice(-SHOWN_STEPS)
        .map(({ name, className }) => `${name} ${className}`)
        .join(' → '),
    }));
}

/**
 * Structures of weight that grow with a metric and were not recorded with its leak: a twentieth of all growth, or
 * enough to exceed the metric's budget alone. None where either side names no culprits: then growth alone tells.
 */
export function newCulprits(
  leak: KnownLeak,
  now: MetricVerdict,
  culprits: readonly Culprit[],
): readonly Culprit[] {
  if (leak.culprits.length === 0 || !HELD_BY_OBJECTS.includes(now.metric)) return [];
  const known = new Set(leak.culprits.map(({ fingerprint }) => fingerprint));
  return culprits.filter(
    (culprit) => !culprit.artefact && !known.has(culprit.fingerprint) && isWeighty(culprit, now),
  );
}

/** Fingerprints of structures that need not be told again: their leak is known, or what is new grows beside it. */
export function acceptedCulprits(leaks: readonly MetLeak[]): ReadonlySet<string> {
  const accepted = leaks.filter(({ state }) => state === 'known' || state === 'new-culprit');
  return new Set(accepted.flatMap(({ culprits }) => culprits));
}

function isWeighty({ share }: Culprit, { unit, growthPerMin, budgetPerMin }: MetricVerdict): boolean {
  if (share === null || share >= WEIGHTY_SHARE) return true;
  // A share of bytes says nothing of a share in counts.
  return unit === 'bytes' && share >= CHANCE_SHARE && share * (growthPerMin ?? 0) > budgetPerMin;
}
