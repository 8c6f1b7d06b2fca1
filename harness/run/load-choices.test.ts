import { expect, test } from 'vitest';
import type { DnsTcpPlan, DnsUdpFloodPlan } from '../load/plan.js';
import { type RunOptions, resolveRun } from './run-options.js';
import { defineScenario, type LoadChoices } from './scenario.js';

const MIXED = defineScenario({
  name: 'mixed',
  summary: '',
  exposes: [],
  overload: false,
  closedModel: true,
  defaults: { durationMs: 60_000, ratePerSec: 100, zone: 'example.test' },
  budgets: {},
  needs: ['dns'],
  targetConfig: () => ({}),
  load: ({ ratePerSec, seed, zone, foreign }: LoadChoices) => {
    const questions = {
      ratePerSec,
      seed,
      zone,
      timeoutMs: 1000,
      acceptedRcodes: ['NOERROR'],
      upstream: null,
    } as const;
    const udp: DnsUdpFloodPlan = { kind: 'dns-udp-flood', ...questions };
    const tcp: DnsTcpPlan = { kind: 'dns-tcp', mode: 'visit', ...questions };
    return foreign
      ? udp
      : { kind: 'mix', ratePerSec, seed, timeoutMs: 1000, parts: [udp, tcp], upstream: null };
  },
});
const resolve = (options: RunOptions) => resolveRun(MIXED, options, []);
const ELSEWHERE = {
  kind: 'attached' as const,
  pid: 1,
  command: [],
  allowInspect: false,
  addresses: { dns: '127.0.0.1:53' },
};

test('a mix has one rate, which its parts share: a flow of rates and a closed model are refused by their flags', () => {
  expect(() => resolve({ rateFlow: '10s:50' })).toThrow(
    /^--rate-flow: scenario mixed mixes loads, each with its part of --rate; leave it out$/,
  );
  expect(() => resolve({ outstanding: 5 })).toThrow(
    /^--outstanding: scenario mixed mixes loads, each with its part of --rate; leave it out$/,
  );
  expect(resolve({ ratePerSec: 50 }).plan.ratePerSec).toBe(50);
});

test('a scenario that mixes at our own node only takes both at a server of the user', () => {
  const flow = resolve({ target: ELSEWHERE, rateFlow: '10s:50' });
  expect(flow.choices.rateFlow).toBe('10s:50');
  expect(resolve({ target: ELSEWHERE, outstanding: 5 }).choices.outstanding).toBe(5);
});
