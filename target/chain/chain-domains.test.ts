import { describe, expect, it } from 'vitest';
import { blocks, NOW_SEC, openChain, PLAN } from '../fixtures/chain.js';
import type { Block } from './block.js';
import { chainDomains } from './chain-domains.js';
import { readDomainData, toDomain } from './domain-data.js';
import { keyOf, makeBlock, sealBlock } from './make-chain.js';

const CHAIN = blocks(8);
const anybody = () => true;
const nobody = () => false;
const RECORDS = [
  { type: 'A', domain: '@', addr: '192.0.2.1', ttl: 60 },
  { type: 'MX', domain: '@', priority: 5, host: 'mail.a.srv', ttl: 30 },
  { type: 'SRV', domain: '_x._tcp', priority: 1, weight: 2, port: 3, host: 'b.srv', ttl: 900 },
  { type: 'TXT', domain: 'a.srv', data: 'text', ttl: 90 },
  { type: 'NS', domain: '@', host: 'ns.a.srv', ttl: 90 },
  { type: 'AAAA', domain: 'ns', addr: '::1', ttl: 90 },
  { type: 'TLSA', domain: '@', certificate_usage: 3, data: [1, 2] },
];
const dataOf = (records: unknown[]) => JSON.stringify({ encrypted: '', zone: 'srv', records });

describe('domains of a chain', () => {
  it('are known by name, until their time is over', async () => {
    let now = NOW_SEC;
    const chain = await openChain(CHAIN, {}, () => now);
    const domains = chainDomains(chain, () => now, anybody);
    expect(JSON.parse(domains.find('n5.srv') ?? '')).toEqual({
      ttlSec: 300,
      records: [{ name: '@', type: 'A', data: '192.0.2.5' }],
      nameServers: [],
    });
    expect(domains.find('n9.srv')).toBeNull();
    expect(domains.zones.has('srv')).toBe(true);
    now += 366 * 86_400;
    expect(domains.find('n5.srv')).toBeNull();
    await chain.close();
  });

  it('name no servers that may not be asked', async () => {
    const chain = await openChain(CHAIN);
    const block = makeBlock(PLAN, CHAIN[7] as Block, 'a.srv', 'maker');
    if (block.transaction === null) throw new Error('no transaction');
    const transaction = { ...block.transaction, data: dataOf(RECORDS) };
    await chain.append(sealBlock({ ...block, transaction }, keyOf(`${PLAN.seed}/maker`)));
    const serversOf = (mayAsk: () => boolean) =>
      JSON.parse(chainDomains(chain, () => NOW_SEC, mayAsk).find('a.srv') ?? '').nameServers;
    expect(serversOf(anybody)).toEqual([{ address: '::1', port: 53 }]);
    expect(serversOf(nobody)).toEqual([]);
    await chain.close();
  });
});

describe('the data of a domain', () => {
  it("is ALFIS's records in the form of the DNS side, with the servers that answer instead", () => {
    const data = readDomainData(dataOf(RECORDS));
    if (data === null) throw new Error('not read');
    expect(toDomain('a.srv', data)).toEqual({
      ttlSec: 30,
      records: [
        { name: '@', type: 'A', data: '192.0.2.1' },
        { name: '@', type: 'MX', data: '5 mail.a.srv' },
        { name: '_x._tcp', type: 'SRV', data: '1 2 3 b.srv' },
        { name: '@', type: 'TXT', data: 'text' },
        { name: '@', type: 'NS', data: 'ns.a.srv' },
        { name: 'ns', type: 'AAAA', data: '::1' },
      ],
      nameServers: [{ address: '::1', port: 53 }],
    });
  });

  it('is refused where a record has not what its type needs', () => {
    expect(readDomainData(dataOf([{ type: 'A', domain: '@', ttl: 1 }]))).toBeNull();
    expect(readDomainData(dataOf([{ type: 'A', domain: '@', ttl: 1, addr: 'a.srv' }]))).toBeNull();
    expect(readDomainData(dataOf([{ type: 'NONE', domain: '@', ttl: 1 }]))).toBeNull();
  });
});
