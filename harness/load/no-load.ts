import type { Load } from './client.js';
import { probeTcp } from './tcp-probe.js';

/** No load of ours, and no process for it: the target is driven elsewhere. It cannot fail, and counts nothing. */
export function openNoLoad(): Load {
  let addresses: Readonly<Record<string, string>> = {};
  return {
    failed: new Promise<never>(() => undefined),
    prepare: () => Promise.resolve(null),
    connect: (known) => {
      addresses = known;
      return Promise.resolve();
    },
    probe: (timeoutMs) => probeTcp(addresses, timeoutMs),
    ask: (_question, timeoutMs) => probeTcp(addresses, timeoutMs),
    start: () => undefined,
    stop: () => Promise.resolve(null),
    latest: () => null,
    close: () => Promise.resolve(),
  };
}
