import { execFile, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { decode } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { floodPlan } from '../fixtures/flood-plan.js';
import type { StubUpstreamPlan } from '../upstream-plan.js';
import { checkAnswer, derivedAddress } from './dns-answer-check.js';
import { encodeQuestion, RCODE, TYPE } from './dns-wire.js';
import { type StubUpstream, startStubUpstream } from './stub-upstream.js';
import { formatIpv4, ipv4NumberOf, textOf } from './synthetic-answers.js';

const HAS_DIG = spawnSync('dig', ['-v']).error === undefined;
const open: StubUpstream[] = [];

async function stub(changes: Partial<StubUpstreamPlan> = {}, seed = 7): Promise<StubUpstream> {
  const upstream = await startStubUpstream(floodPlan({}, changes).upstream, seed, () => undefined);
  open.push(upstream);
  return upstream;
}

function resolver(upstream: StubUpstream, timeout = 2000): Resolver {
  const client = new Resolver({ timeout, tries: 1 });
  client.setServers([upstream.address]);
  return client;
}

/** Sends packets and returns the ids of the answers that came before the answer to the last one. */
async function idsAnswered(upstream: StubUpstream, packets: readonly Buffer[]): Promise<number[]> {
  const socket = createSocket('udp4');
  const ids: number[] = [];
  const last = packets.at(-1)?.readUInt16BE(0);
  socket.connect(Number(upstream.address.split(':')[1]), '127.0.0.1');
  await once(socket, 'connect');
  for (const packet of packets) socket.send(packet);
  while (ids.at(-1) !== last) {
    const [message] = (await once(socket, 'message')) as [Buffer];
    ids.push(message.readUInt16BE(0));
  }
  socket.close();
  return ids;
}

/** Asks the same question so many times, one after the other. */
async function answersTo(upstream: StubUpstream, question: Buffer, times: number): Promise<Buffer[]> {
  const socket = createSocket('udp4');
  const answers: Buffer[] = [];
  socket.connect(Number(upstream.address.split(':')[1]), '127.0.0.1');
  await once(socket, 'connect');
  for (let i = 0; i < times; i++) {
    socket.send(question);
    const [answer] = (await once(socket, 'message')) as [Buffer];
    answers.push(answer);
  }
  socket.close();
  return answers;
}

afterEach(() => {
  for (const upstream of open.splice(0)) upstream.close();
});

describe('stub upstream', () => {
  it('answers addresses and text of any name, the same in any case', async () => {
    const dns = resolver(await stub());
    const address = formatIpv4(ipv4NumberOf('a.b.soak.test'));
    expect(address).toMatch(/^10\./);
    expect(await dns.resolve4('a.b.soak.test', { ttl: true })).toEqual([{ address, ttl: 60 }]);
    expect(await dns.resolve4('A.b.SOAK.test')).toEqual([address]);
    expect((await dns.resolve6('a.b.soak.test'))[0]).toMatch(/^fd/);
    expect(await dns.resolveTxt('a.b.soak.test')).toEqual([[textOf('a.b.soak.test')]]);
  });

  it('has SOA and NS at the apex of each zone', async () => {
    const dns = resolver(await stub({ zones: ['Soak.Test.', 'other.example'], ttlSec: 30 }));
    expect(await dns.resolveSoa('soak.test')).toMatchObject({ nsname: 'ns.soak.test', minttl: 30 });
    expect(await dns.resolveNs('other.example')).toEqual(['ns.other.example']);
  });

  it('tells missing names, missing types and foreign names apart', async () => {
    const dns = resolver(await stub());
    await expect(dns.resolve4('nx-1.soak.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(dns.resolveMx('a.soak.test')).rejects.toMatchObject({ code: 'ENODATA' });
    await expect(dns.resolve4('soak.test.example')).rejects.toMatchObject({ code: 'EREFUSED' });
  });

  it.skipIf(!HAS_DIG)('is authoritative in the eyes of dig, with the SOA of a negative answer', async () => {
    const upstream = await stub();
    const dig = async (...question: string[]): Promise<string> => {
      const port = upstream.address.split(':')[1] ?? '';
      return (await promisify(execFile)('dig', ['@127.0.0.1', '-p', port, '+noedns', ...question])).stdout;
    };
    const found = await dig('host.soak.test', 'A');
    expect(found).toMatch(/status: NOERROR/);
    expect(found).toMatch(/flags: qr aa rd;/);
    expect(found).toContain(formatIpv4(ipv4NumberOf('host.soak.test')));
    expect(found).not.toMatch(/malformed|extra bytes/i);
    const missing = await dig('nx-host.soak.test', 'A');
    expect(missing).toMatch(/status: NXDOMAIN/);
    expect(missing).toMatch(/soak\.test\.\s+60\s+IN\s+SOA\s+ns\.soak\.test\. hostmaster\.soak\.test\./);
  });

  it('loses the same names every time, as many as planned, and no probe', async () => {
    const questions = Array.from({ length: 1000 }, (_, i) => encodeQuestion(i, `n${i}.soak.test`, TYPE.A));
    const probes = Array.from({ length: 20 }, (_, i) =>
      encodeQuestion(2000 + i, `probe-${i}.soak.test`, TYPE.A),
    );
    const first = await idsAnswered(await stub({ loss: 0.2 }), [...questions, ...probes]);
    const again = await idsAnswered(await stub({ loss: 0.2 }), [...questions, ...probes]);
    const otherSeed = await idsAnswered(await stub({ loss: 0.2 }, 8), [...questions, ...probes]);
    expect(again).toEqual(first);
    expect(otherSeed).not.toEqual(first);
    expect(first.filter((id) => id >= 2000)).toHaveLength(20);
    expect(first.length - 20).toBeGreaterThan(760);
    expect(first.length - 20).toBeLessThan(840);
  });

  it('answers late when told to', async () => {
    const upstream = await stub({ latencyMs: 60 });
    const before = performance.now();
    await idsAnswered(upstream, [encodeQuestion(1, 'a.soak.test', TYPE.A)]);
    expect(performance.now() - before).toBeGreaterThanOrEqual(59);
  });

  it('answers nothing at all when silent', async () => {
    const dns = resolver(await stub({ silent: true }), 100);
    await expect(dns.resolve4('probe-1.soak.test')).rejects.toMatchObject({ code: 'ETIMEOUT' });
  });

  it('is dead while the load is on when an outage is planned', async () => {
    const upstream = await stub({ outage: true });
    const dns = resolver(upstream, 100);
    await expect(dns.resolve4('a.soak.test')).resolves.toHaveLength(1);
    upstream.loadIs(true);
    await expect(dns.resolve4('probe-1.soak.test')).rejects.toMatchObject({ code: 'ETIMEOUT' });
    upstream.loadIs(false);
    await expect(dns.resolve4('b.soak.test')).resolves.toHaveLength(1);
  });

  it('cuts answers short over UDP, and gives them whole over TCP', async () => {
    const dns = resolver(await stub({ truncated: 1 }));
    expect(await dns.resolve4('a.soak.test')).toEqual([formatIpv4(ipv4NumberOf('a.soak.test'))]);
  });

  it('takes a question over TCP and says nothing to it where it is to stall, but answers probes', async () => {
    const dns = resolver(await stub({ truncated: 1, stalled: 1 }), 200);
    await expect(dns.resolve4('a.soak.test')).rejects.toMatchObject({ code: 'ETIMEOUT' });
    await expect(dns.resolve4('probe-1.soak.test')).resolves.toHaveLength(1);
  });

  it('gives ever other TTLs and letters where it is to churn, and always the same data', async () => {
    const upstream = await stub({ churn: true, ttlSec: 5 });
    const question = encodeQuestion(1, 'churn.soak.test', TYPE.A);
    const answers = await answersTo(upstream, question, 30);
    const expected = derivedAddress('churn.soak.test');
    expect(answers.map((answer) => checkAnswer(answer, expected, new Set([RCODE.NOERROR])))).toEqual(
      answers.map(() => 'right'),
    );
    const records = answers.map((answer) => answer.subarray(question.length));
    expect(new Set(records.map((record) => record.toString('latin1'))).size).toBeGreaterThan(25);
    const ttls = records.map((record) => record.readUInt32BE(record.length - 10));
    expect(new Set(ttls)).toEqual(new Set([1, 2, 3, 4, 5]));
  });

  it('makes every name an alias of others, which are aliases too, but not that of a probe', async () => {
    const upstream = await stub({ aliases: 3 });
    const aliasesOf = async (name: string): Promise<unknown> => {
      const [answer] = await answersTo(upstream, encodeQuestion(1, name, TYPE.A), 1);
      return decode(answer as Buffer).answers?.map((record) => 'data' in record && record.data);
    };
    expect(await aliasesOf('x.soak.test')).toEqual(['ax.soak.test', 'bx.soak.test', 'cx.soak.test']);
    expect(await aliasesOf('ax.soak.test')).toEqual(['aax.soak.test', 'bax.soak.test', 'cax.soak.test']);
    const dns = resolver(upstream);
    await expect(dns.resolve4('probe-1.soak.test')).resolves.toHaveLength(1);
  });

  it('can be closed twice', async () => {
    const upstream = await stub();
    upstream.close();
    upstream.close();
  });

  it('refuses a zone that is no DNS name', async () => {
    await expect(stub({ zones: ['no spaces.test'] })).rejects.toThrow(/"no spaces.test" cannot be a zone/);
  });
});
