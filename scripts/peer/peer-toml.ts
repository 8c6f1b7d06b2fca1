import { CHAIN_DIFFICULTY } from '../../scenarios/peer-load.js';

/** Limits so small that all of them are full at once. */
const SMALL = [
  'max_inbound_peers = 64',
  'max_new_peers = 100',
  'max_banned_ips = 16',
  'max_future_blocks = 200',
  'max_future_blocks_mb = 1',
  'max_seen_blocks = 2',
  'block_timeout_sec = 1',
  'dial_interval_sec = 0.1',
];

/** Configuration of a node with its chain in this folder, that dials these peers. */
export function peerToml(folder: string, peers: readonly string[] = []): string {
  const list = peers.map((peer) => `"${peer}"`).join(', ');
  const net = ['[net]', `peers = [${list}]`, ...SMALL];
  return [...net, '[chain]', `folder = "${folder}"`, `difficulty = ${CHAIN_DIFFICULTY}`, ''].join('\n');
}
