/** How one request ended: with a status, or with what went wrong on the way. */
export type HttpOutcome = { readonly status: number } | { readonly error: string };

/** The counter of `LoadCounters` that an outcome belongs to. */
export type HttpJudgement = 'answered' | 'wrong' | 'errors';

/** Statuses from here on blame the request (RFC 9110 §15.5), which was not what we meant to ask. */
const FIRST_CLIENT_ERROR = 400;
/** Statuses from here on are a failure of the server (RFC 9110 §15.6). */
const FIRST_SERVER_ERROR = 500;

export function judgeOutcome(outcome: HttpOutcome): HttpJudgement {
  if ('error' in outcome || outcome.status >= FIRST_SERVER_ERROR) return 'errors';
  return outcome.status >= FIRST_CLIENT_ERROR ? 'wrong' : 'answered';
}

/** For people. */
export function describeOutcome(outcome: HttpOutcome): string {
  return 'status' in outcome ? `status ${outcome.status}` : outcome.error;
}
