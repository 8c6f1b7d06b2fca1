import type { TcpStormPlan } from '../harness/index.js';

/** Clients that ask for nothing, in about the proportions of the open internet: most are gone at once. */
export const BAD_CLIENTS: TcpStormPlan['modes'] = { close: 4, reset: 2, silent: 2, 'one-byte': 1, drip: 1 };
