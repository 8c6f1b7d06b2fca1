import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from './config.js';
import { UsageError } from './errors.js';

const read = (text: string) => parseConfig(text, 'node.toml');

describe('parseConfig', () => {
  it('fills in every default', () => {
    expect(loadConfig(null).config).toEqual({
      dns: {
        listen: { address: '127.0.0.1', port: 0 },
        forwarders: [],
        cache_max_memory_mb: 100,
        cache_max_negative_memory_mb: 10,
        cache_failure_ttl_sec: 1,
        cache_cleanup_interval_sec: 300,
        cache_max_ttl_sec: 604_800,
        cache_max_negative_ttl_sec: 3600,
        forward_timeout_sec: 2,
        max_in_flight: 10_000,
        threads: 10,
        tcp_queue_size: 100,
        udp_queue_size: 1000,
        max_cname_results: 50,
        hosts: [],
        domain_info_cache_max_memory_mb: 5,
        queue_max_age_sec: 1,
        tcp_clients_per_ip: 500,
        tcp_idle_timeout_sec: 10,
        max_upstream_connections: 100,
        bootstraps: [],
        roots: [],
        name_server_port: 53,
        enable_0x20: false,
      },
      ops: { listen: { address: '127.0.0.1', port: 0 } },
      origin: '',
      check_blocks: 8,
      debug: { log: 'off', file: join(tmpdir(), 'leak-soak-debug.log'), max_mb: 10 },
    });
  });

  it('reads addresses with port 53 unless another is given, and fractions of a megabyte', () => {
    const { config } = read(
      '[dns]\nforwarders = ["192.0.2.1", "[::1]:5353", "tcp://192.0.2.2"]\ncache_max_memory_mb = 0.5',
    );
    expect(config.dns.forwarders).toEqual([
      { address: '192.0.2.1', port: 53, transport: 'udp' },
      { address: '::1', port: 5353, transport: 'udp' },
      { address: '192.0.2.2', port: 53, transport: 'tcp' },
    ]);
    const doh = ['https://192.0.2.3/dns-query', 'http://127.0.0.1:8053/dns-query'];
    expect(read(`[dns]\nforwarders = ${JSON.stringify(doh)}`).config.dns.forwarders).toEqual(
      doh.map((url) => ({ transport: 'doh', url })),
    );
    expect(config.dns.cache_max_memory_mb).toBe(0.5);
  });

  it('boots with an old alfis.toml: new keys have defaults, keys without use are named', () => {
    const old = `
      origin = "0000001D2A77D63477172678502E51DE7F346061FF7EB188A2445ECA3FC0780E"
      key_files = ["key1.toml"]
      check_blocks = 8
      [net]
      peers = ["peer-v4.alfis.name:4244"]
      listen = "[::]:4244"
      [dns]
      listen = "127.0.0.3:53"
      threads = 10
      forwarders = ["94.140.14.14:53", "94.140.15.15:53"]
      bootstraps = ["9.9.9.9:53"]
      [mining]
      threads = 0`;
    const { config, ignoredKeys } = read(old);
    expect(config.dns).toMatchObject({
      listen: { address: '127.0.0.3', port: 53 },
      cache_max_memory_mb: 100,
    });
    expect([...ignoredKeys].sort()).toEqual(['key_files', 'mining']);
    expect(config).toMatchObject({ check_blocks: 8, net: { peers: ['peer-v4.alfis.name:4244'] } });
    expect(config.net).toMatchObject({ listen: { address: '::', port: 4244 }, max_new_peers: 1000 });
    expect(config.chain).toEqual({ folder: 'blockchain.db', difficulty: 10 });
  });

  it('makes no peer of a node without the tables of one, and fills in the other when there is one of them', () => {
    expect(read('[dns]').config).not.toHaveProperty('net');
    expect(read('[chain]\nfolder = "x"').config.net?.listen).toEqual({ address: '127.0.0.1', port: 0 });
    expect(read('[net]\nmax_new_peers = 7').config).toMatchObject({
      net: { max_new_peers: 7 },
      chain: { difficulty: 10 },
    });
    expect(read('[net]\nyggdrasil_only = true').ignoredKeys).toEqual(['[net] yggdrasil_only']);
  });

  it.each([
    [
      'an unknown key',
      '[dns]\ncahce_max_memory_mb = 4',
      'node.toml: [dns] cahce_max_memory_mb is not a key of this node',
    ],
    ['an unknown table', '[dnss]\nlisten = ""', 'node.toml: dnss is not a key of this node'],
    ['a wrong type', '[dns]\ncache_max_memory_mb = "4"', 'node.toml: [dns] cache_max_memory_mb = "4": '],
    ['a limit of zero', '[dns]\ncache_max_memory_mb = 0', 'node.toml: [dns] cache_max_memory_mb = 0: '],
    ['infinity', '[dns]\ncache_max_memory_mb = inf', 'node.toml: [dns] cache_max_memory_mb = inf: '],
    ['what is no number', '[dns]\ncache_max_memory_mb = nan', 'node.toml: [dns] cache_max_memory_mb = nan: '],
    [
      'a negative interval',
      '[dns]\ncache_cleanup_interval_sec = -1',
      'node.toml: [dns] cache_cleanup_interval_sec = -1: ',
    ],
    [
      'a host name',
      '[dns]\nforwarders = ["1.1.1.1", "dns.example"]',
      'node.toml: [dns] forwarders[1] = "dns.example": ',
    ],
    [
      'a host name that nobody can find',
      '[dns]\nforwarders = ["https://dns.example/dns-query"]',
      'the host name has to be found first; name a plain resolver in bootstraps',
    ],
    [
      'a bootstrap that needs one itself',
      '[dns]\nbootstraps = ["https://dns.example/dns-query"]',
      'expected IP addresses and ports',
    ],
    [
      'HTTP without TLS to another machine',
      '[dns]\nforwarders = ["http://192.0.2.1/dns-query"]',
      'without TLS only a loopback address is asked; use https://',
    ],
    [
      'a forwarder on port 0',
      '[dns]\nforwarders = ["1.1.1.1:0"]',
      'node.toml: [dns] forwarders[0] = "1.1.1.1:0": port 0',
    ],
    ['a certificate without key', '[doh]\ncertificate = "a.pem"', 'certificate and key go together'],
    ['plain DoH for others', '[doh]\nlisten = "0.0.0.0:80"', 'without certificate only a loopback address'],
    ['a peer on port 0', '[net]\npeers = ["127.0.0.1:0"]', 'node.toml: [net] peers[0] = "127.0.0.1:0": '],
    ['an origin that is no hash', 'origin = "00"', 'node.toml: origin = "00": expected 64 hex digits'],
    ['a table that is a value', 'dns = 3', 'node.toml: dns = 3: '],
    ['what is not TOML', '[dns]\nlisten = ', 'node.toml:2: '],
  ])('refuses %s with one line that names it', (_what, text, message) => {
    const attempt = (): unknown => read(text);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow('\n');
  });

  it('names a file that cannot be read', () => {
    expect(() => loadConfig('/no/such.toml')).toThrow('/no/such.toml: cannot be read (ENOENT)');
  });
});
