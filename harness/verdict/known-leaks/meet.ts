import type { Culprit } from '../../core/culprit.js';
import type { KnownLeak, LeakState, MetLeak } from '../../core/leak-baseline.js';
import { formatGrowthWithInterval } from '../../core/units.js';
import type { MetricVerdict } from '../../core/verdict.js';
import { metricSays } from '../metric-label.js';
import { growsFaster } from './faster.js';
import { newCulprits } from './known-culprits.js';

/** What a run knows when it meets a leak. */
export interface Encounter {
  readonly culprits: readonly Culprit[];
  /** The day of the run, UTC, e.g. `2026-11-20`. */
  readonly day: string;
  /** Whether a metric that passes may be believed: the target did serve. */
  readonly isSound: boolean;
}

/** What became of a known leak by the verdict on its metric; null where this run says nothing of it. */
export function meetLeak(
  leak: KnownLeak,
  now: MetricVerdict | undefined,
  encounter: Encounter,
): MetLeak | null {
  const { metric, reason, expires, recorded, growthPerMin, halfWidthPerMin } = leak;
  const state = stateOf(leak, now, encounter);
  if (now === undefined || state === null) return null;
  const message = messageOf(leak, now, state, encounter);
  const culprits = leak.culprits.map(({ fingerprint }) => fingerprint);
  return { metric, state, reason, expires, recorded, growthPerMin, halfWidthPerMin, culprits, message };
}

/** Whether the growth alone says that a failing metric is a known leak, before anybody has looked for its culprits. */
export function growsAsKnown(leaks: readonly KnownLeak[], now: MetricVerdict, day: string): boolean {
  return leaks.some(
    (leak) =>
      leak.metric === now.metric && stateOf(leak, now, { culprits: [], day, isSound: false }) === 'known',
  );
}

function stateOf(
  leak: KnownLeak,
  now: MetricVerdict | undefined,
  { culprits, day, isSound }: Encounter,
): LeakState | null {
  if (now?.verdict === 'pass') return isSound ? 'gone' : null;
  if (now?.verdict !== 'fail' || !now.decides || now.growthPerMin === null) return null;
  if (leak.expires < day) return 'expired';
  if (growsFaster(leak, now)) return 'worse';
  return newCulprits(leak, now, culprits).length > 0 ? 'new-culprit' : 'known';
}

function messageOf(leak: KnownLeak, now: MetricVerdict, state: LeakState, { culprits }: Encounter): string {
  const { metric, reason, expires, recorded } = leak;
  const rises = `${metricSays(metric, 'rises', 'rise')} ${growthOf(now)}`;
  const then = `${growthOf({ ...now, ...leak })} on ${recorded}`;
  switch (state) {
    case 'known':
      return `${rises} (${then}), tolerated until ${expires}: ${reason}${byGrowthAlone(leak, culprits)}`;
    case 'worse':
      return `${rises}, faster than what is known (${then}): mend it, or accept it with --update-baseline`;
    case 'new-culprit': {
      const fresh = newCulprits(leak, now, culprits).map(culpritText).join(', ');
      return `${rises} (${then}), and not only by what is known: ${fresh} grows as well; mend it, or accept it with --update-baseline`;
    }
    case 'expired':
      return `${rises} (${then}), which was tolerated until ${expires} only: mend it, or renew it with --update-baseline; reason then: ${reason}`;
    case 'gone':
      return `${metricSays(metric, 'keeps its budget', 'keep their budget')} (${then}): take the entry out with --update-baseline`;
  }
}

function culpritText({ name, className, share, fingerprint }: Culprit): string {
  const part = share === null ? '' : `${Math.round(100 * share)} % of all growth, `;
  return `${name} (${className}; ${part}id ${fingerprint})`;
}

/** That another structure of the same growth would not show. */
function byGrowthAlone({ culprits: known }: KnownLeak, culprits: readonly Culprit[]): string {
  return known.length > 0 && culprits.every(({ artefact }) => artefact)
    ? ' (no culprit was named in this run: only its growth says that it is the same)'
    : '';
}

function growthOf({
  growthPerMin,
  halfWidthPerMin,
  unit,
}: Pick<MetricVerdict, 'growthPerMin' | 'halfWidthPerMin' | 'unit'>): string {
  return growthPerMin === null || halfWidthPerMin === null
    ? 'by an unknown rate'
    : formatGrowthWithInterval(growthPerMin, halfWidthPerMin, unit);
}
