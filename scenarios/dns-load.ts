import type { DnsLoadPlan, LoadChoices } from '../harness/index.js';

/** What a server whose data are not known may answer. */
const ANY_ANSWER: DnsLoadPlan['acceptedRcodes'] = ['NOERROR', 'NXDOMAIN'];

/** What every DNS load takes from the choices of a run, whatever its transport. */
export function dnsLoad(
  choices: LoadChoices,
  acceptedRcodes: DnsLoadPlan['acceptedRcodes'] = ANY_ANSWER,
): DnsLoadPlan {
  const { ratePerSec, rateFlow, outstanding, questions, zone, seed, allowRemote, foreign } = choices;
  return {
    ratePerSec,
    ...(rateFlow === null ? {} : { rateFlow }),
    ...(outstanding === null ? {} : { outstanding }),
    ...(questions === null ? {} : { questions }),
    zone,
    seed,
    allowRemote,
    timeoutMs: 3_000,
    answers: foreign ? 'any-data' : 'derived',
    acceptedRcodes: foreign ? ANY_ANSWER : acceptedRcodes,
  };
}
