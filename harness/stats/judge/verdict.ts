import type { Outcome } from '../assessment.js';
import type { Candidate } from './candidates.js';
import type { Guard } from './guards.js';
import { levelledOff } from './levelled-off.js';
import { recentRise } from './recent-rise.js';
import { releaseGuard } from './release.js';
import { stillRising } from './still-rising.js';

/** What a judgement is made against. */
export interface Criteria {
  /** Budget in resolution steps per ms. */
  readonly rate: number;
  readonly failProbability: number;
  readonly passProbability: number;
}

export interface Judgement {
  readonly outcome: Outcome;
  readonly pExceeds: number;
  readonly decided: Candidate;
  readonly guards: readonly Guard[];
}

/** A reduction that says the opposite with this certainty is heard; … */
const OPPOSITE = 0.05;

/** … a verdict less certain than this is marginal, and already yields to one that merely leans the other way … */
const MARGINAL = 0.01;
const LEANING = 0.5;

/** … if its interval is at most twice as wide as the deciding one's, or a quarter of the budget. */
const HEARD_RATIO = 2;
const HEARD_BUDGET_SHARE = 0.25;

/**
 * Lets the reduction with the narrowest interval decide, whatever the budget, and withholds what the guards
 * object to. Guards only ever turn an outcome into `inconclusive`. Where one fall stands out, growth beside it
 * says whether the series passes.
 */
export function judge(candidates: readonly [Candidate, ...Candidate[]], criteria: Criteria): Judgement {
  const beside = candidates.find(({ bound }) => bound === 'most');
  const decided =
    beside !== undefined && saying(beside, criteria) === 'pass' ? beside : narrowest(candidates, criteria);
  const leaning = saying(decided, criteria);
  const objections = [
    leaning === 'fail' ? releaseGuard(decided) : null,
    leaning === 'fail' ? levelledOff(candidates[0], criteria.rate) : null,
    leaning === 'pass'
      ? (recentRise(decided, criteria.rate) ?? recentRise(beside ?? candidates[0], criteria.rate))
      : null,
    leaning === 'pass' ? stillRising(decided, criteria.rate) : null,
    leaning === 'pass' && hidesGrowth(decided, beside) ? GROWS_BESIDE_FALL : null,
    leaning === 'inconclusive' ? null : disagreement(candidates, decided, leaning, criteria.rate),
  ];
  const guards = objections.filter((guard) => guard !== null);
  return {
    outcome: guards.length > 0 ? 'inconclusive' : leaning,
    pExceeds: decided.posterior.exceeds(criteria.rate),
    decided,
    guards,
  };
}

/** Whether a fall may hide growth: what is left when the load is off (`ratchet`) hides nothing. */
function hidesGrowth(decided: Candidate, beside: Candidate | undefined): boolean {
  return beside !== undefined && decided !== beside && decided.reduction !== 'ratchet';
}

const GROWS_BESIDE_FALL: Guard = { kind: 'grows-beside-fall' };

/** Of those that can say something: growth itself, and a lower bound where it shows a leak. */
function narrowest(candidates: readonly [Candidate, ...Candidate[]], criteria: Criteria): Candidate {
  let decided = candidates[0];
  for (const candidate of candidates) {
    const heard =
      candidate.bound === 'both' || (candidate.bound === 'least' && saying(candidate, criteria) === 'fail');
    if (heard && candidate.posterior.halfWidth < decided.posterior.halfWidth) decided = candidate;
  }
  return decided;
}

/** A pass needs the interval that is told as well as the probability: models that disagree widen it first. */
function saying({ posterior }: Candidate, { rate, failProbability, passProbability }: Criteria): Outcome {
  const pExceeds = posterior.exceeds(rate);
  if (pExceeds >= failProbability) return 'fail';
  const within = posterior.slope + posterior.halfWidth <= rate;
  return within && pExceeds <= passProbability ? 'pass' : 'inconclusive';
}

function disagreement(
  candidates: readonly Candidate[],
  decided: Candidate,
  leaning: 'fail' | 'pass',
  rate: number,
): Guard | null {
  const limit = Math.max(HEARD_RATIO * decided.posterior.halfWidth, HEARD_BUDGET_SHARE * rate);
  const doubtOf = ({ posterior }: Candidate): number => {
    const pExceeds = posterior.exceeds(rate);
    return leaning === 'fail' ? 1 - pExceeds : pExceeds;
  };
  const heard = doubtOf(decided) > MARGINAL ? LEANING : 1 - OPPOSITE;
  const opposed = candidates.find(
    (candidate) =>
      candidate.bound === 'both' && candidate.posterior.halfWidth < limit && doubtOf(candidate) >= heard,
  );
  return opposed === undefined ? null : { kind: 'reductions-disagree', reduction: opposed.reduction };
}
