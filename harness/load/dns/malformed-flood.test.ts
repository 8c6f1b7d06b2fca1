import { afterEach, describe, expect, it } from 'vitest';
import { runUntil } from '../fixtures/flood-setup.js';
import { serveUdp } from '../fixtures/udp-server.js';
import { openDriver } from '../open-driver.js';
import type { MalformedPlan } from '../plan.js';
import { readQuery } from './dns-query.js';
import { HEADER_BYTES, POINTER } from './dns-wire.js';
import { malformedPackets } from './malformed-packets.js';

const take = (seed: number, count: number): Buffer[] => {
  const next = malformedPackets('soak.test', seed);
  return Array.from({ length: count }, next);
};
const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

describe('malformed packets', () => {
  it('are the same for the same seed, and others for another one', () => {
    expect(take(1, 500)).toEqual(take(1, 500));
    expect(take(2, 500)).not.toEqual(take(1, 500));
  });

  it('are of every length from none to beyond a question, and mostly no queries', () => {
    const packets = take(3, 5_000);
    expect(packets.some(({ length }) => length === 0)).toBe(true);
    expect(packets.some(({ length }) => length > 512)).toBe(true);
    const queries = packets.filter((packet) => readQuery(packet).kind === 'question');
    expect(queries.length).toBeLessThan(packets.length / 2);
  });

  it('have one among thousands whose name leads back to its first label', () => {
    const leadsBack = (packet: Buffer): boolean => {
      const end = HEADER_BYTES + 1 + (packet[HEADER_BYTES] ?? 0);
      return packet[end] === POINTER && packet[end + 1] === HEADER_BYTES;
    };
    const found = take(1, 20_000).filter(leadsBack);
    expect(found.length).toBeGreaterThan(3);
    expect(found.length).toBeLessThan(30);
  });
});

describe('a malformed flood', () => {
  const plan: MalformedPlan = {
    kind: 'dns-malformed',
    ratePerSec: 1_000,
    seed: 1,
    zone: 'soak.test',
    timeoutMs: 1_000,
    upstream: null,
  };

  it('sends what its seed says and takes no answer for wrong', async () => {
    const seen: Buffer[] = [];
    const server = await serveUdp((packet) => {
      seen.push(packet);
      return [Buffer.from('nonsense')];
    });
    cleanUps.push(server.close);
    const driver = await openDriver(plan, { dns: server.address }, () => undefined);
    cleanUps.push(driver.close);
    await runUntil(driver, ({ offered }) => offered >= 300);
    const { counters } = await driver.stop();
    expect(counters).toMatchObject({ wrong: 0, timeouts: 0, answered: counters.offered });
    const known = new Set(take(1, counters.offered).map((packet) => packet.toString('latin1')));
    expect(seen.length).toBeGreaterThan(200);
    expect(seen.every((packet) => known.has(packet.toString('latin1')))).toBe(true);
  });
});
