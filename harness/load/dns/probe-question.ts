import type { DnsLoadPlan } from '../plan.js';
import { createAnswerJudge, plannedAddress } from './answer-judge.js';
import type { Expectation } from './dns-answer-check.js';
import { RCODE, TYPE } from './dns-wire.js';
import { openQuestionSource } from './open-question-source.js';
import { ipv4NumberOf, PROBE_PREFIX } from './synthetic-answers.js';
import { normalizeZone } from './zone-name.js';

/** A question whose answer is known. */
export interface ProbeQuestion {
  readonly expected: Expectation;
  readonly accepted: ReadonlySet<number>;
}

/**
 * The questions that a target is probed with: names of their own below the zone of the load, which must exist; where
 * the questions come from a file, its first one, answered as the plan accepts.
 */
export function probeQuestions(plan: DnsLoadPlan): () => ProbeQuestion {
  const { questions = { kind: 'unique' }, answers = 'derived' } = plan;
  if (questions.kind === 'names' || questions.kind === 'queries') {
    const expected = createAnswerJudge(openQuestionSource(plan), plan).expectationOf(0);
    const accepted = new Set<number>(plan.acceptedRcodes.map((name) => RCODE[name]));
    return () => ({ expected, accepted });
  }
  const zone = normalizeZone(plan.zone);
  const accepted = new Set<number>([RCODE.NOERROR]);
  let probes = 0;
  return () => {
    const name = `${PROBE_PREFIX}${++probes}.${zone}`;
    const address = answers === 'derived' ? ipv4NumberOf(name) : plannedAddress(answers);
    return { expected: { name, type: TYPE.A, address }, accepted };
  };
}
