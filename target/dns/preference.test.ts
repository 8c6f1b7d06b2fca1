import { beforeEach, describe, expect, it } from 'vitest';
import { ForwarderPreference, NONE, TRIAL_INTERVAL_MS } from './preference.js';

let now: number;
let preference: ForwarderPreference;
const miss = (forwarder: number, times: number): boolean[] =>
  Array.from({ length: times }, () => preference.missed(forwarder));

beforeEach(() => {
  now = 0;
  preference = new ForwarderPreference(3, () => now);
});

describe('ForwarderPreference', () => {
  it('goes through the forwarders in the order of the configuration', () => {
    expect([preference.next(0), preference.next(0b001), preference.next(0b011)]).toEqual([0, 1, 2]);
    expect(preference.next(0b111)).toBe(NONE);
  });

  it('asks a forwarder last after three misses in a row, and says so once', () => {
    expect(miss(0, 4)).toEqual([false, false, true, false]);
    expect([preference.next(0), preference.next(0b010), preference.next(0b110)]).toEqual([1, 2, 0]);
  });

  it('does not add up misses with an answer between them', () => {
    miss(0, 2);
    preference.answered(0);
    miss(0, 2);
    expect(preference.next(0)).toBe(0);
  });

  it('tries a demoted forwarder once per interval, and asks it first again after an answer', () => {
    miss(0, 3);
    expect(preference.takeTrial()).toBe(NONE);
    now = TRIAL_INTERVAL_MS;
    expect([preference.takeTrial(), preference.takeTrial()]).toEqual([0, NONE]);
    miss(0, 1);
    now += TRIAL_INTERVAL_MS;
    expect(preference.takeTrial()).toBe(0);
    preference.answered(0);
    expect(preference.next(0)).toBe(0);
  });

  it('keeps the order when all are demoted', () => {
    for (const forwarder of [2, 1, 0]) miss(forwarder, 3);
    expect([preference.next(0), preference.next(0b001)]).toEqual([0, 1]);
  });
});
