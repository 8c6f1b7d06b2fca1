import { usageError } from '../core/errors.js';
import { isGauge } from '../core/gauge.js';
import type { GaugePlan } from '../core/manifest.js';
import type { MetricName } from '../core/metric.js';
import { isLoopbackHost } from '../load/loopback-address.js';
import { MIN_READINGS_PER_WINDOW } from '../sampling/collection-cadence.js';

/** What the caller may choose about the target's own figures. */
export interface GaugeOptions {
  /** `/metrics` in Prometheus text, or JSON such as `/health`. @default none */
  readonly gaugesUrl?: string | undefined;
  /** Where a Go process serves net/http/pprof. @default none */
  readonly pprofUrl?: string | undefined;
  /** Names of the gauges to keep, with or without labels. @default all, at most 200 */
  readonly gauges?: readonly string[] | undefined;
}

/** Time between two scrapes: what a target does for one is work that its users do not ask for. */
const EVERY_MS = 10_000;

/** What the rest of the run says about its gauges. */
interface GaugeNeeds {
  /** Metrics that the user set budgets and ceilings on, by the flag. */
  readonly asked: readonly (readonly [flag: string, metric: MetricName])[];
  readonly sampleEveryMs: number;
  /** Time of the run whose readings count. */
  readonly usableMs: number;
}

/**
 * How the target's figures are read: every 10 s, or the sample interval when that is longer. Where a budget asks
 * for one, a short run is scraped often enough to judge it. Null when there are none to read.
 *
 * Throws `usage` for an address that is not this machine's, and for a gauge that nobody reads.
 */
export function planGauges(options: GaugeOptions, needs: GaugeNeeds): GaugePlan | null {
  const [flag, metric] = needs.asked.find(([, name]) => isGauge(name)) ?? [];
  const { gaugesUrl = null, pprofUrl = null } = options;
  const only = (options.gauges ?? []).map((name) => name.replace(/^gauge\./, ''));
  if (gaugesUrl === null && only.length > 0) {
    throw usageError(`--gauge ${only[0]} picks from what --gauges URL reads, which is missing`);
  }
  if (gaugesUrl === null && pprofUrl === null) {
    if (flag === undefined) return null;
    throw usageError(`${flag} ${metric} is read from the target itself: add --gauges URL or --pprof URL`);
  }
  if (gaugesUrl !== null) checkUrl('--gauges', gaugesUrl);
  if (pprofUrl !== null) checkUrl('--pprof', pprofUrl);
  const often = flag === undefined ? EVERY_MS : Math.min(EVERY_MS, needs.usableMs / MIN_READINGS_PER_WINDOW);
  return { url: gaugesUrl, pprof: pprofUrl, only, everyMs: Math.max(needs.sampleEveryMs, Math.floor(often)) };
}

function checkUrl(flag: string, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw usageError(`${flag} "${text}" is not a URL of the form http://127.0.0.1:9090/metrics`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || isLoopbackHost(host)) return;
  throw usageError(`${flag} ${text} is not on this machine: give a URL of localhost, 127.0.0.0/8 or [::1]`);
}
