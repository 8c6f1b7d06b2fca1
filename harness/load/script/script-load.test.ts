import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../core/clock.js';
import { expectBalanced, runUntil } from '../fixtures/flood-setup.js';
import { serveTcp } from '../fixtures/tcp-server.js';
import type { LoadDriver } from '../load-driver.js';
import type { ScriptPlan } from '../plan.js';
import { openScriptLoad } from './script-load.js';
import type { Traffic, TrafficContext, TrafficScript } from './traffic.js';

const cleanUps: (() => void)[] = [];
const logged: string[] = [];
const failures: Error[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
  logged.length = 0;
  failures.length = 0;
});

function driverOf(script: Traffic | TrafficScript, changes: Partial<ScriptPlan> = {}): LoadDriver {
  const plan: ScriptPlan = {
    kind: 'script',
    path: import.meta.filename,
    ratePerSec: 500,
    seed: 1,
    timeoutMs: 500,
    ...changes,
  };
  const driver = openScriptLoad(
    plan,
    typeof script === 'function' ? { traffic: script } : script,
    { http: 'http://127.0.0.1:1/' },
    {
      nowMs: systemClock.nowMs,
      log: (line) => logged.push(line),
      fail: (error) => failures.push(error),
    },
  );
  cleanUps.push(driver.close);
  return driver;
}

describe('repeat', () => {
  it('keeps the rate whatever becomes of the operations, and counts every outcome', async () => {
    const sequences = new Set<number>();
    const driver = driverOf(({ repeat }) =>
      repeat(async ({ sequence }) => {
        sequences.add(sequence);
        await delay(5);
        if (sequence % 4 === 1) return false;
        if (sequence % 4 === 2) throw new Error('no such order');
        return undefined;
      }),
    );
    await runUntil(driver, ({ answered }) => answered >= 100);
    const { counters, latencyMs, generator } = await driver.stop();
    expectBalanced(counters);
    expect(counters.offered).toBe(sequences.size);
    expect(counters.dropped).toBe(0);
    expect(Math.abs(counters.wrong - counters.errors)).toBeLessThanOrEqual(1);
    expect(Math.abs(counters.answered - 2 * counters.wrong)).toBeLessThanOrEqual(3);
    expect(latencyMs.p50).toBeGreaterThanOrEqual(4);
    expect(generator?.scheduleErrorP99Ms).not.toBeNull();
    expect(logged).toHaveLength(10);
    expect(logged[0]).toBe('operation 2 failed: no such order');
  });

  it('keeps so many in flight in the closed model', async () => {
    let [open, most] = [0, 0];
    const driver = driverOf(
      ({ repeat }) =>
        repeat(async () => {
          most = Math.max(most, ++open);
          await delay(2);
          open--;
        }),
      { outstanding: 5 },
    );
    await runUntil(driver, ({ answered }) => answered >= 100);
    const { counters, generator } = await driver.stop();
    expectBalanced(counters);
    expect(most).toBe(5);
    expect(open).toBe(0);
    expect(generator?.scheduleErrorP99Ms).toBeNull();
  });

  it('does not hammer a target that is gone in the closed model', async () => {
    const driver = driverOf(({ repeat }) => repeat(() => Promise.reject(new Error('refused'))), {
      outstanding: 3,
    });
    driver.start();
    await delay(400);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters.errors).toBe(counters.offered);
    expect(counters.offered).toBeLessThanOrEqual(3 * 6);
  });

  it('aborts an operation that takes too long, and counts it as timed out', async () => {
    const driver = driverOf(({ repeat }) => repeat(({ signal }) => delay(60_000, undefined, { signal })), {
      timeoutMs: 50,
    });
    await runUntil(driver, ({ timeouts }) => timeouts >= 20);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: 0, errors: 0 });
  });
});

describe('traffic', () => {
  it('may have a rhythm of its own, and is called anew with each cycle until its signal aborts', async () => {
    const seen: number[] = [];
    const results: boolean[] = [];
    const driver = driverOf(async ({ attempt, cycle, signal }) => {
      seen.push(cycle);
      while (!signal.aborted) results.push(await attempt(() => results.length % 2 === 0));
    });
    await runUntil(driver, ({ answered }) => answered >= 20);
    expectBalanced((await driver.stop()).counters);
    await runUntil(driver, ({ answered }) => answered >= 60);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters.intended).toBe(results.length);
    expect(counters.answered).toBe(results.filter(Boolean).length);
    expect(seen).toEqual([1, 2]);
  });

  it('is called again when it returns while load is on', async () => {
    let calls = 0;
    const driver = driverOf(async ({ attempt }) => {
      calls++;
      await attempt(() => delay(1));
    });
    await runUntil(driver, () => calls >= 10);
    expectBalanced((await driver.stop()).counters);
  });

  it('draws the same random numbers from the same seed', async () => {
    const draw = async (seed: number): Promise<readonly number[]> => {
      const drawn: number[] = [];
      const driver = driverOf(
        async ({ random, attempt }) => {
          drawn.push(random());
          await attempt(() => undefined);
        },
        { seed },
      );
      await runUntil(driver, () => drawn.length >= 5);
      await driver.stop();
      return drawn.slice(0, 5);
    };
    const [first, again, other] = [await draw(1), await draw(1), await draw(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first.every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it('that only waits for its signal ends without a failure', async () => {
    const driver = driverOf(async ({ attempt, signal }) => {
      await attempt(() => undefined);
      await delay(60_000, undefined, { signal });
    });
    await runUntil(driver, ({ answered }) => answered === 1);
    await driver.stop();
    expect(failures).toEqual([]);
  });

  it('that ignores its signal is named when load has gone off', async () => {
    let over = false;
    cleanUps.push(() => {
      over = true;
    });
    const driver = driverOf(
      async ({ attempt }) => {
        while (!over) await attempt(() => delay(5));
      },
      { timeoutMs: 1 },
    );
    await runUntil(driver, ({ offered }) => offered >= 3);
    await expect(driver.stop()).rejects.toThrow(
      /script-load\.test\.ts still runs 2\.001 s after load went off: return when its signal aborts/,
    );
  });

  it.each<[string, (context: TrafficContext) => unknown, RegExp]>([
    [
      'throws',
      () => (undefined as unknown as Error).message,
      /TypeError: .*\(script-load\.test\.ts:\d+:\d+\)/,
    ],
    ['returns without an operation', () => undefined, /it returned without an operation while load was on/],
    ['has an AbortError of its own', () => AbortSignal.abort().throwIfAborted(), /AbortError/],
  ])('that %s fails the load and says where', async (_what, misdeed, message) => {
    const driver = driverOf(async (context) => {
      misdeed(context);
    });
    driver.start();
    await expect.poll(() => failures[0]?.message).toMatch(message);
    expect(failures[0]?.message).toContain(`traffic of ${import.meta.filename}: `);
  });
});

describe('the probe of a script', () => {
  const traffic: Traffic = ({ repeat }) => repeat(() => undefined);

  it('is what the script says', async () => {
    expect(await driverOf({ traffic, probe: async () => undefined }).probe(1000)).toMatchObject({ ok: true });
    const probe = async (): Promise<void> => {
      throw new Error('block 7 is missing');
    };
    const failed = await driverOf({ traffic, probe }).probe(1000);
    expect(failed).toMatchObject({ ok: false, message: expect.stringMatching(/block 7 is missing$/) });
    const silent = driverOf({ traffic, probe: () => new Promise(() => undefined) });
    expect(await silent.probe(50)).toMatchObject({
      message: expect.stringMatching(/no answer within 50 ms$/),
    });
  });

  it('is a TCP connection where the script has none', async () => {
    const server = await serveTcp(() => undefined);
    cleanUps.push(server.close);
    expect((await driverOf(traffic).probe(1000)).ok).toBe(false);
    const plan: ScriptPlan = { kind: 'script', path: '/x', ratePerSec: 1, seed: 1, timeoutMs: 1 };
    const deps = { nowMs: systemClock.nowMs, log: () => undefined, fail: () => undefined };
    const driver = openScriptLoad(plan, { traffic }, { tcp: server.address }, deps);
    expect(await driver.probe(1000)).toMatchObject({ ok: true });
  });
});
