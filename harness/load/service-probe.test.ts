import { afterEach, describe, expect, it } from 'vitest';
import { startStubUpstream } from './dns/stub-upstream.js';
import { serveDoh } from './fixtures/doh-server.js';
import { floodPlan } from './fixtures/flood-plan.js';
import { honestReply } from './fixtures/flood-setup.js';
import { serveUdp } from './fixtures/udp-server.js';
import { serveAlfis } from './peer/fixtures/alfis-node.mjs';
import { probeService, type ServiceQuestion } from './service-probe.js';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function addresses(): Promise<Readonly<Record<string, string>>> {
  const stub = await startStubUpstream(floodPlan().upstream, 1, () => undefined);
  const doh = await serveDoh({ http: '1.1', tls: false }, (query, respond) => respond(honestReply(query)));
  cleanUps.push(stub.close, doh.close);
  return { dns: stub.address, 'dns-tcp': stub.address, doh: doh.url };
}

const question = (service: ServiceQuestion['service']): ServiceQuestion => ({
  service,
  zone: 'soak.test',
  answers: 'derived',
});

describe('the question asked of a service', () => {
  it.each(['dns', 'dns-tcp', 'doh', 'tcp'] as const)('is answered by %s', async (service) => {
    const known = await addresses();
    const target = service === 'tcp' ? { tcp: known['dns-tcp'] ?? '' } : known;
    expect(await probeService(question(service), target, 7, 1_000)).toMatchObject({ ok: true });
  });

  it('is for a name of its own each time', async () => {
    const known = await addresses();
    const names = await Promise.all(
      [1, 2].map(async (number) => (await probeService(question('dns'), known, number, 1_000)).message),
    );
    expect(names[0]).toMatch(/probe-1\.soak\.test/);
    expect(names[1]).toMatch(/probe-2\.soak\.test/);
  });

  it('has one address for every name where the plan says so, and another one is wrong', async () => {
    const known = await addresses();
    const answers = { address: '10.1.2.3' };
    const outcome = await probeService({ ...question('dns'), answers }, known, 1, 1_000);
    expect(outcome).toEqual({ ok: false, message: expect.stringMatching(/instead of 10\.1\.2\.3/) });
  });

  it('is a handshake for a peer, which whoever merely accepts connections does not pass', async () => {
    const node = await serveAlfis();
    const { 'dns-tcp': silent = '' } = await addresses();
    cleanUps.push(node.close);
    expect(await probeService(question('peer'), { peer: node.address }, 1, 1_000)).toMatchObject({
      ok: true,
      message: expect.stringMatching(/shook hands in/),
    });
    expect(await probeService(question('peer'), { peer: silent }, 1, 300)).toMatchObject({ ok: false });
  });

  it('comes to nothing where nobody answers, or there is no such service', async () => {
    const silent = await serveUdp(() => []);
    cleanUps.push(silent.close);
    expect(await probeService(question('dns'), { dns: silent.address }, 1, 100)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/no answer from .* within 100 ms/),
    });
    expect(await probeService(question('doh'), {}, 1, 100)).toEqual({
      ok: false,
      message: 'the target has no "doh" address',
    });
  });
});
