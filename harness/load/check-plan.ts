import { isIP } from 'node:net';
import { usageError } from '../core/errors.js';
import { arrivalsOf } from './arrivals.js';
import type { PeerPlan } from './peer/peer-plan.js';
import type { DnsLoadPlan, ProcessPlan } from './plan.js';
import type { StubUpstreamPlan } from './upstream-plan.js';

/** One process on loopback cannot offer more; a larger number is a slip of the keyboard. */
const MAX_RATE_PER_SEC = 1_000_000;
/** Longer waits would let work under way grow beyond what the driver tracks. */
const MAX_WAIT_MS = 60_000;
/** A closed loop with more in flight asks for nothing but full buffers. */
const MAX_OUTSTANDING = 10_000;
const MAX_DRIVERS = 16;
/** As many as the table of questions in flight has lanes for. */
const MAX_PIPELINED = 16;
/** All the ports that one address has to connect from. */
const MAX_CONNECTIONS = 60_000;
const MAX_HOLD_MS = 24 * 3600 * 1000;
/** A peer has to ask who is free of all of them; more connections are what a churn is for. */
const MAX_PEERS = 1_000;
/** As many as a frame of 64 KiB holds of the longest. */
const MAX_ADDRESSES = 3_000;
/** 20 MB, and some seconds of work before the load is ready. */
const MAX_BLOCKS = 20_000;
/** A thousand hashes a block. */
const MAX_DIFFICULTY = 10;
const MAX_SOURCES = 2 ** 22 - 1;
const MAX_STAY_SOURCES = 2 ** 16 - 1;
const MAX_DEPTH = 100_000;
/** 120 MB of tables. */
const MAX_ZIPF_NAMES = 10_000_000;
const MAX_ZIPF_EXPONENT = 10;
const MAX_NUMBERED_NAMES = 1_000_000_000;
const MAX_BODY_BYTES = 2 ** 30;
const MAX_TTL_SEC = 2 ** 31 - 1;
/** Each begins with a letter of its own. */
const MAX_ALIASES = 26;

/**
 * Refuses a plan with numbers that no load can follow, before anything is opened.
 *
 * @throws HarnessError `usage` naming the field and what it may be
 */
export function checkPlan(plan: ProcessPlan): void {
  within('ratePerSec', plan.ratePerSec, Number.MIN_VALUE, MAX_RATE_PER_SEC, 'above 0, at most 1 000 000');
  const { peakPerSec } = arrivalsOf(plan);
  within('rateFlow', peakPerSec, 0, MAX_RATE_PER_SEC, 'at most 1 000 000 at its peak');
  within('timeoutMs', plan.timeoutMs, 1, MAX_WAIT_MS, 'from 1 to 60 000');
  switch (plan.kind) {
    case 'dns-udp-flood':
      checkDns(plan);
      within('drivers', plan.drivers ?? 1, 1, MAX_DRIVERS, 'from 1 to 16');
      break;
    case 'dns-tcp': {
      checkDns(plan);
      const most = plan.mode === 'pipelined' ? MAX_PIPELINED : MAX_CONNECTIONS;
      within('connections', plan.connections ?? 1, 1, most, `from 1 to ${most}`);
      break;
    }
    case 'doh':
      checkDns(plan);
      within('connections', plan.connections ?? 1, 1, MAX_CONNECTIONS, `from 1 to ${MAX_CONNECTIONS}`);
      break;
    case 'large-bodies':
      within('bodyBytes', plan.bodyBytes, 1, MAX_BODY_BYTES, 'from 1 to 1 073 741 824 (1 GiB)');
      within('bytesPerSec', plan.bytesPerSec, 1, MAX_BODY_BYTES, 'from 1 to 1 073 741 824');
      break;
    case 'mix':
      for (const part of plan.parts) checkPlan(part);
      break;
    case 'tcp-storm':
      within('maxConnections', plan.maxConnections, 1, MAX_CONNECTIONS, `from 1 to ${MAX_CONNECTIONS}`);
      within('holdMs', plan.holdMs, 0, MAX_HOLD_MS, 'from 0 to 86 400 000 (a day)');
      break;
    case 'http-flood':
    case 'script':
      within('outstanding', plan.outstanding ?? 1, 1, MAX_OUTSTANDING, 'from 1 to 10 000');
      break;
    case 'block-burst':
    case 'chain-sync':
    case 'peer-exchange':
    case 'peer-churn':
      checkPeers(plan);
      break;
  }
  if ('upstream' in plan && plan.upstream !== null) checkUpstream(plan.upstream);
}

function checkUpstream(upstream: StubUpstreamPlan): void {
  within('upstream.latencyMs', upstream.latencyMs, 0, MAX_WAIT_MS, 'from 0 to 60 000');
  within('upstream.loss', upstream.loss, 0, 1, 'from 0 to 1');
  within('upstream.ttlSec', upstream.ttlSec, 0, MAX_TTL_SEC, 'from 0 to 2 147 483 647 (RFC 2181 §8)');
  within('upstream.truncated', upstream.truncated ?? 0, 0, 1, 'from 0 to 1');
  within('upstream.stalled', upstream.stalled ?? 0, 0, 1, 'from 0 to 1');
  within('upstream.aliases', upstream.aliases ?? 0, 0, MAX_ALIASES, `from 0 to ${MAX_ALIASES}`);
}

function checkPeers(plan: PeerPlan): void {
  if (plan.kind === 'peer-churn') {
    within('maxConnections', plan.maxConnections, 1, MAX_CONNECTIONS, `from 1 to ${MAX_CONNECTIONS}`);
    within('holdMs', plan.holdMs, 0, MAX_HOLD_MS, 'from 0 to 86 400 000 (a day)');
    within('stayMs', plan.stayMs, 0, MAX_HOLD_MS, 'from 0 to 86 400 000 (a day)');
    within('sources', plan.sources, 1, MAX_SOURCES, 'from 1 to 4 194 303 (a /10)');
    within('staySources', plan.staySources, 1, MAX_STAY_SOURCES, 'from 1 to 65 535 (a /16)');
    return;
  }
  within('connections', plan.connections, 1, MAX_PEERS, 'from 1 to 1 000');
  if (plan.kind === 'peer-exchange') {
    within('addressesPerFrame', plan.addressesPerFrame, 1, MAX_ADDRESSES, 'from 1 to 3 000');
    return;
  }
  within('chain.blocks', plan.chain.blocks, 2, MAX_BLOCKS, 'from 2 to 20 000');
  within('chain.difficulty', plan.chain.difficulty, 0, MAX_DIFFICULTY, 'from 0 to 10');
  within('depth', plan.depth, 1, MAX_DEPTH, 'from 1 to 100 000');
  if (plan.kind !== 'chain-sync') return;
  within('peers', plan.peers, 1, MAX_PEERS, 'from 1 to 1 000');
  within('loss', plan.loss, 0, 1, 'from 0 to 1');
  within('delayMs', plan.delayMs, 0, MAX_WAIT_MS, 'from 0 to 60 000');
}

function checkDns({ outstanding, questions, answers }: DnsLoadPlan): void {
  within('outstanding', outstanding ?? 1, 1, MAX_OUTSTANDING, 'from 1 to 10 000');
  if (questions?.kind === 'zipf') {
    within('questions.count', questions.count, 1, MAX_ZIPF_NAMES, 'from 1 to 10 000 000');
    within('questions.exponent', questions.exponent, 0, MAX_ZIPF_EXPONENT, 'from 0 to 10');
  }
  if (questions?.kind === 'numbered') {
    within('questions.count', questions.count, 1, MAX_NUMBERED_NAMES, 'from 1 to 1 000 000 000');
  }
  if (typeof answers === 'object' && isIP(answers.address) !== 4) {
    throw usageError(`load plan: answers.address is "${answers.address}"; it must be an IPv4 address`);
  }
}

function within(field: string, value: number, least: number, most: number, allowed: string): void {
  // Written so that NaN is refused as well.
  if (!(value >= least && value <= most)) {
    throw usageError(`load plan: ${field} is ${value}; it must be ${allowed}`);
  }
}
