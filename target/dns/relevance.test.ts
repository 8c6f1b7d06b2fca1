import type { Answer as PacketAnswer } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { answer, CAPS, decode, query, responsePacket, soa } from '../fixtures/messages.js';
import { readAnswer } from './answer.js';
import { writeAnswer } from './response.js';
import { MAX_MESSAGE_BYTES, OPT_BYTES } from './wire.js';

const NAME = 'www.a.test';
const out = Buffer.alloc(MAX_MESSAGE_BYTES + OPT_BYTES);
const address = (name: string): PacketAnswer => ({ name, type: 'A', ttl: 60, data: '192.0.2.1' });
const alias = (name: string, data: string, type: 'CNAME' | 'DNAME' = 'CNAME'): PacketAnswer => ({
  name,
  type,
  ttl: 60,
  data,
});

/** Owners of what is left of a response with these sections, as a client gets it. */
function kept(answers: PacketAnswer[], authorities: PacketAnswer[] = []): [string[], string[]] {
  const read = answer({ name: NAME, answers, authorities });
  const response = decode(out.subarray(0, writeAnswer(out, query(NAME, 'A', 4096), read, 0)));
  const owners = (records: PacketAnswer[] | undefined): string[] => (records ?? []).map(({ name }) => name);
  return [owners(response.answers), owners(response.authorities)];
}

describe('relatedRecords', () => {
  it('keeps the question and what its aliases lead to, in whatever order and letter case', () => {
    const answers = [address('C.test'), alias('b.test', 'c.TEST'), alias('WWW.a.test', 'B.test')];
    expect(kept(answers)).toEqual([['C.test', 'b.test', 'WWW.a.test'], []]);
  });

  it('keeps a DNAME above a name of the chain, and what it makes of it', () => {
    const answers = [alias('a.test', 'b.test', 'DNAME'), alias(NAME, 'www.b.test'), address('www.b.test')];
    expect(kept(answers)[0]).toEqual(['a.test', NAME, 'www.b.test']);
    expect(kept([alias('a.test', 'b.test', 'DNAME'), address('www.b.test')])[0]).toHaveLength(2);
  });

  it('drops answers for other names, first, between and last', () => {
    const planted = address('victim.test');
    expect(kept([planted, address(NAME), planted, address(NAME), planted])[0]).toEqual([NAME, NAME]);
  });

  it('drops an alias that nothing leads to, and what it leads to', () => {
    expect(kept([address(NAME), alias('x.test', 'victim.test'), address('victim.test')])[0]).toEqual([NAME]);
  });

  it('keeps the authority of zones above the chain and drops that of others', () => {
    const zone = (name: string): PacketAnswer => ({ name, type: 'NS', ttl: 60, data: 'ns.test' });
    const authorities = ['a.test', 'victim.test', 'b.test', 'xa.test', 'test'].map(zone);
    expect(kept([alias(NAME, 'x.b.test')], authorities)[1]).toEqual(['a.test', 'b.test', 'test']);
  });

  it('makes a failure of an answer section with other names only', () => {
    const message = responsePacket({ name: NAME, answers: [address('victim.test')] });
    expect(readAnswer(message, query(NAME).key, CAPS)).toBeNull();
  });

  it('does not take the SOA of another zone for proof that there is nothing', () => {
    const authorities = [{ ...soa(60, 60), name: 'victim.example' }] as PacketAnswer[];
    expect(answer({ name: NAME, rcode: 3, authorities })).toMatchObject({ authorityCount: 0, ttlSec: 0 });
  });

  it('follows aliases in a circle once, and DNAMEs that make ever longer names only so far', () => {
    expect(kept([alias(NAME, 'b.test'), alias('b.test', NAME)])[0]).toHaveLength(2);
    expect(kept([alias(NAME, 'x.b.test'), alias('b.test', 'c.b.test', 'DNAME')])[0]).toHaveLength(2);
  });

  it('writes names in full when records between were dropped, those behind pointers in data included', () => {
    const key = query(NAME, 'MX').key;
    const question = responsePacket({ name: NAME, type: 'MX' });
    const victim = [6, ...Buffer.from('victim'), 0];
    const planted = [...victim, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1];
    // The exchange is "mx." and a pointer to the question's "a.test".
    const mx = [0xc0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 7, 0, 5, 2, ...Buffer.from('mx'), 0xc0, 16];
    const message = Buffer.concat([question.subarray(0, 12 + key.length), Buffer.from([...planted, ...mx])]);
    message.writeUInt16BE(2, 6);
    const read = readAnswer(message, key, CAPS);
    expect(read?.answerCount).toBe(1);
    if (read === null) return;
    const response = decode(out.subarray(0, writeAnswer(out, query('WWW.a.test', 'MX'), read, 1)));
    expect(response.answers).toMatchObject([
      { name: 'WWW.a.test', ttl: 59, data: { preference: 5, exchange: 'mx.a.test' } },
    ]);
  });
});
