import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriverPlan } from '../../harness/load/plan.js';
import { BURST_PARTS, CHAIN_DIFFICULTY, SHUFFLE_DEPTH } from '../../scenarios/peer-load.js';
import { type LoadedNode, startLoadedNode } from '../node/loaded-node.js';
import { type Leg, measureLeg, type Variant } from './leg.js';

/** What seed 000 fixed among peers: the fault that it is here, and the structure that holds it. */
const STRUCTURES = {
  'future-blocks': 'future_blocks',
  'seen-blocks': 'seen_blocks',
  'new-peers': 'new_peers',
} as const;

export type PeerFault = keyof typeof STRUCTURES;

/** The fixed node's heap comes to its size first. */
const FILL_SECONDS = 20;

const COMMON = {
  seed: 1,
  timeoutMs: 5000,
  identity: { origin: '', appVersion: '0.8.8' },
  upstream: null,
} as const;

/**
 * A flood of what nobody asked for, at the node with the leak or the fixed one, both with the seed's limits: blocks as
 * scenario `block-burst` sends them, blocks with a new hash each, or twenty addresses a message.
 */
export async function peerLeg(
  variant: Variant,
  fault: PeerFault,
  ratePerSec: number,
  seconds: number,
): Promise<Leg> {
  const folder = mkdtempSync(join(tmpdir(), 'leak-soak-chain-'));
  const plan = planOf(fault, ratePerSec);
  const fill = async ({ run }: LoadedNode): Promise<void> => void (await run(plan, FILL_SECONDS));
  try {
    const tables = ['[net]', '[chain]', `folder = "${folder}"`, `difficulty = ${CHAIN_DIFFICULTY}`];
    const args = variant === 'before' ? ['--fault', fault] : [];
    const loaded = await startLoadedNode(tables, { args });
    return await measureLeg(
      loaded,
      plan,
      seconds,
      variant === 'after' ? fill : null,
      null,
      STRUCTURES[fault],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function planOf(fault: PeerFault, ratePerSec: number): DriverPlan {
  const plan = { ...COMMON, ratePerSec };
  if (fault === 'new-peers') {
    return { ...plan, kind: 'peer-exchange', connections: 4, addressesPerFrame: 20, addresses: 'loopback' };
  }
  return {
    ...plan,
    kind: 'block-burst',
    connections: 8,
    parts: fault === 'seen-blocks' ? { 'far-future': 1 } : BURST_PARTS,
    chain: { blocks: 500, difficulty: CHAIN_DIFFICULTY, seed: 1 },
    depth: SHUFFLE_DEPTH,
  };
}
