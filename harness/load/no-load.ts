import { type LoadDriver, NOTHING_COUNTED, type PossibleTick } from './load-driver.js';
import { probeTcp } from './tcp-probe.js';

/** No load of ours: the target is driven elsewhere. */
export function openNoLoad(addresses: Readonly<Record<string, string>>): LoadDriver<PossibleTick> {
  return {
    start: () => undefined,
    stop: () => Promise.resolve(NOTHING_COUNTED),
    tick: () => NOTHING_COUNTED,
    probe: (timeoutMs) => probeTcp(addresses, timeoutMs),
    close: () => undefined,
  };
}
