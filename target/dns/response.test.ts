import type { Answer as PacketAnswer } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { addressAnswer, answer, decode, query, soa, textAnswer } from '../fixtures/messages.js';
import { writeAnswer, writeError } from './response.js';
import { MAX_MESSAGE_BYTES, OPT_BYTES } from './wire.js';

const out = Buffer.alloc(MAX_MESSAGE_BYTES + OPT_BYTES);
const written = (length: number): Buffer => out.subarray(0, length);

describe('writeAnswer', () => {
  it('echoes id, RD and the letter case of the question, sets RA and leaves AA clear', () => {
    const response = decode(written(writeAnswer(out, query('WwW.test'), addressAnswer('www.test'), 0)));
    expect(response).toMatchObject({
      id: 7,
      flag_qr: true,
      flag_rd: true,
      flag_ra: true,
      flag_aa: false,
      flag_tc: false,
    });
    expect(response.questions).toMatchObject([{ name: 'WwW.test', type: 'A', class: 'IN' }]);
    expect(response.answers).toMatchObject([{ type: 'A', ttl: 300, data: '192.0.2.1' }]);
    expect(response.additionals).toEqual([]);
  });

  it('counts the TTL of every record down by the age, the SOA of a negative answer included', () => {
    const negative = answer({ name: 'a.test', rcode: 3, authorities: [soa(100, 70)] });
    const response = decode(written(writeAnswer(out, query('a.test'), negative, 30)));
    expect(response.rcodeNumber).toBe(3);
    expect(response.authorities).toMatchObject([{ type: 'SOA', ttl: 40 }]);
  });

  it('answers OPT with OPT', () => {
    const response = decode(
      written(writeAnswer(out, query('a.test', 'A', 1400), addressAnswer('a.test'), 0)),
    );
    expect(response.additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1232 }]);
  });

  it.each([
    ['512 bytes without EDNS', null, 512, 1],
    ['the size that EDNS gives, OPT included', 1232, 1232, 4],
  ])('leaves out whole records beyond %s and sets TC', (_what, udpBytes, limit, fitting) => {
    const length = writeAnswer(out, query('t.test', 'TXT', udpBytes), textAnswer('t.test', 20), 0);
    const response = decode(written(length));
    expect(length).toBeLessThanOrEqual(limit);
    expect(response.flag_tc).toBe(true);
    expect(response.answers).toHaveLength(fitting);
  });

  const nameServers = (count: number): PacketAnswer[] =>
    Array.from({ length: count }, (_, index) => ({
      name: 'test',
      type: 'NS',
      ttl: 300,
      data: `server-with-a-long-name-${index}.test`,
    }));

  it('leaves the whole authority section out, without TC, when it does not fit beside the answers', () => {
    const name = 'a.test';
    const answers = [{ name, type: 'A' as const, ttl: 300, data: '192.0.2.1' }];
    const positive = answer({ name, answers, authorities: nameServers(10) });
    const response = decode(written(writeAnswer(out, query(name), positive, 0)));
    expect(response).toMatchObject({ flag_tc: false, authorities: [] });
    expect(response.answers).toHaveLength(1);
    const whole = decode(written(writeAnswer(out, query(name, 'A', 4096), positive, 0)));
    expect(whole.authorities).toHaveLength(10);
  });

  it.each([
    [
      'keeps the SOA of a negative answer and leaves out what follows it',
      [soa(60, 60), ...nameServers(10)],
      false,
      1,
    ],
    ['sets TC when the SOA of a negative answer does not fit', [...nameServers(10), soa(60, 60)], true, 10],
  ])('%s', (_what, authorities, flag_tc, count) => {
    const negative = answer({ name: 'a.test', rcode: 3, authorities });
    const response = decode(written(writeAnswer(out, query('a.test'), negative, 0)));
    expect(response.flag_tc).toBe(flag_tc);
    expect(response.authorities).toHaveLength(count);
  });

  it('passes a truncated answer on as truncated', () => {
    const truncated = {
      rcode: 0,
      answerCount: 0,
      authorityCount: 0,
      additionalCount: 0,
      neededCount: 1,
      records: '',
      ttlSec: 0,
    };
    expect(decode(written(writeAnswer(out, query('a.test'), truncated, 0)))).toMatchObject({
      flag_tc: true,
      answers: [],
    });
  });
});

describe('writeError', () => {
  it('leaves the question out when it was not readable', () => {
    const echo = { id: 9, flags: 0x0100, question: '', edns: false, maxBytes: 512 };
    const response = written(writeError(out, echo, 1));
    expect(response).toHaveLength(12);
    expect(decode(response)).toMatchObject({ id: 9, rcodeNumber: 1, questions: [] });
  });

  it('carries the upper bits of BADVERS in OPT', () => {
    const response = decode(written(writeError(out, query('a.test', 'A', 1232), 16)));
    expect(response.rcodeNumber).toBe(0);
    expect(response.additionals).toMatchObject([{ type: 'OPT', extendedRcode: 1 }]);
  });
});
