import { getText, type TextLimits } from '../../core/get-text.js';
import { parseJsonGauges } from './json-gauges.js';
import { parseGoroutines, parseHeapInuse } from './pprof.js';
import { parsePrometheus } from './prometheus.js';

/** What one scrape may cost. A heap profile of a large Go process is the longest of what is read. */
const LIMITS: TextLimits = { timeoutMs: 2_000, maxBytes: 8 * 2 ** 20 };

/** A place where a target shows figures of its own. */
export interface GaugeSource {
  /** As it was given. */
  readonly url: string;
  /** Reads all of them, by the target's names. Rejects with an `Error` that says why there are none. */
  read(signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
}

/** `/metrics` in Prometheus text or a JSON document such as `/health`, told apart by what comes. */
export function textSource(url: string): GaugeSource {
  return {
    url,
    read: async (signal) => {
      const text = await getText(url, LIMITS, signal);
      const gauges = /^\s*[[{]/.test(text) ? parseJsonGauges(text) : parsePrometheus(text);
      if (gauges === null) throw new Error('it is neither Prometheus text nor JSON');
      return gauges;
    },
  };
}

/** The profiles of a Go process with `net/http/pprof`, by the address that serves `/debug/pprof/`. */
export function pprofSource(url: string): GaugeSource {
  const base = url.replace(/\/(?:debug\/pprof\/?)?$/, '');
  const profile = async (name: string, parse: (text: string) => number | null, signal: AbortSignal) => {
    const value = parse(await getText(`${base}/debug/pprof/${name}?debug=1`, LIMITS, signal));
    if (value === null) throw new Error(`its ${name} profile is not that of Go's net/http/pprof`);
    return value;
  };
  return {
    url,
    read: async (signal) => {
      // One after the other, so that the goroutine that writes the one is not counted in the other.
      const goroutines = await profile('goroutine', parseGoroutines, signal);
      const heapInuse = await profile('heap', parseHeapInuse, signal);
      return new Map([
        ['go.goroutines', goroutines],
        ['go.heap_inuse', heapInuse],
      ]);
    },
  };
}
