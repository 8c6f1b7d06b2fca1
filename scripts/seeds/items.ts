/**
 * What the five seed documents state that can be shown: items of checklists, names of metrics, figures. The documents are no
 * part of this project, so that their words are repeated here.
 */
export interface SeedItem {
  /** Number of the document. */
  readonly seed: '000' | '001' | '002' | '003' | '004';
  readonly kind: 'checklist' | 'metric' | 'figure';
  /** As it stands there. A test shows it whose name contains it. */
  readonly text: string;
  /** What part of a node it speaks of. */
  readonly area: 'dns' | 'chain' | 'mesh' | 'streams' | 'stratum';
  /** npm script that prints it, beside or instead of a test; null for none. */
  readonly command: string | null;
}

type Area = SeedItem['area'];

function checklist(area: Area, ...texts: readonly string[]): readonly SeedItem[] {
  return texts.map((text) => ({ seed: '000', kind: 'checklist', text, area, command: null }));
}

function figures(seed: SeedItem['seed'], area: Area, command: string | null, ...texts: readonly string[]) {
  return texts.map((text): SeedItem => ({ seed, kind: 'figure', text, area, command }));
}

function metrics(...texts: readonly string[]): readonly SeedItem[] {
  return texts.map((text) => ({ seed: '001', kind: 'metric', text, area: 'mesh', command: null }));
}

export const SEED_ITEMS: readonly SeedItem[] = [
  ...checklist(
    'dns',
    'Memory usage remains stable under normal load',
    'Memory usage remains stable under high load (100,000+ queries)',
    'Cache memory usage does not exceed configured limits',
    'No domain count limit - cache can grow to any size within memory limits',
    'DNS resolution performance unchanged',
    'No service crashes due to memory exhaustion',
    'Expired entries are properly cleaned up',
    'Oldest entries are removed when memory limit exceeded (memory-based only)',
    'Backward compatibility maintained',
    'TCP server handles high load without memory accumulation',
    'TCP connections are properly closed when queue is full',
    'UDP server handles high load without memory accumulation',
    'UDP packets are properly dropped when queue is full',
  ),
  ...checklist(
    'chain',
    'P2P network future_blocks limited to prevent OOM',
    'Smart cleanup preserves blocks needed for synchronization',
    'P2P network seen_blocks limited to prevent memory accumulation',
    'seen_blocks cleanup works during active synchronization',
    'P2P network new_peers queue limited to prevent memory accumulation',
    'new_peers FIFO eviction works correctly when limit reached',
    'max_new_peers configurable via config file (alfis.toml)',
    'max_new_peers value from config overrides default constant',
  ),
  ...checklist('dns', 'No OOM-killer terminations after all fixes'),
  ...checklist('chain', 'Synchronization not interrupted by memory limits'),
  ...checklist(
    'dns',
    'Memory-based cache limits work correctly',
    'Independent cleanup thread runs periodically',
    'Cache configuration parameters work in alfis.toml',
    'Systemd memory limits prevent OOM kills',
  ),
  ...figures(
    '000',
    'dns',
    'bench:seed-dns',
    'Memory growth from 39MB to 455MB in minutes',
    '34-409 MB/minute under load',
    'Memory growth: 0-34 MB/minute (normal operation)',
    'Memory usage: Stable at 9-109 MB (controlled by memory limit)',
    'Memory stable at ~16MB under stress test',
    'High DNS query volume (100,000+ queries)',
  ),
  ...figures('000', 'dns', 'bench:node', 'Lookup performance unchanged'),
  ...figures('000', 'dns', 'bench:cache', 'Estimates ~1.5KB per domain entry'),
  ...figures('000', 'dns', null, 'Memory spikes up to 5.1GB in 2.5 hours'),
  ...figures(
    '000',
    'chain',
    'bench:seed-p2p',
    'Memory growth from 36MB to 1.9GB',
    'Memory: Stable at ~9-10MB',
    'Stable for 48+ hours',
  ),
  ...figures(
    '000',
    'chain',
    'bench:seed-p2p',
    'MAX_FUTURE_BLOCKS = 1000',
    'MAX_SEEN_BLOCKS = 10000',
    'MAX_NEW_PEERS = 1000',
  ),
  ...metrics(
    'memory_store_operations_total',
    'memory_store_logs_total',
    'address_book_peers_total',
    'topic_streams_active_total',
    'gossip_buffer_entries_total',
  ),
  ...figures('001', 'mesh', null, 'stats.peer_count < 200'),
  ...figures('003', 'streams', null, '108.17 MB over 35 hours (3.1 MB/hour)', '13-138 FDs', '153.09 MB'),
];
