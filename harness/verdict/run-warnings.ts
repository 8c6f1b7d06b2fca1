import type { LoadSummary } from '../core/load-counters.js';
import type { Manifest } from '../core/manifest.js';
import { type Recording, seriesOf, type TimeWindow } from '../core/recording.js';
import { formatDuration } from '../core/units.js';
import type { Warning } from '../core/warning.js';
import { nextMove } from './next-move.js';
import { MAX_SCHEDULE_ERROR_MS, MIN_LOAD_SHARE, MIN_PASS_SAMPLES } from './thresholds.js';
import { wholeRun } from './window.js';

/** A gap is longer than this many sampling intervals: one tick may be late, a missed one leaves two. */
const GAP_INTERVALS = 1.5;

/** Up to this share of missing rows the rest speak for the window. */
const MAX_MISSING_SHARE = 0.1;

/** A bounded structure emptier than this when steady began, and fuller by more than this when it ended, was filling. */
const FILLED = 0.9;
const FILLING = 0.05;

/** Reasons to trust a run less that its manifest and rows show by themselves. */
export function runWarnings(
  manifest: Manifest,
  recording: Recording,
  window: TimeWindow | null,
  load: LoadSummary | null,
): Warning[] {
  return [
    ...stateWarnings(manifest),
    ...generatorWarnings(load),
    ...rowWarnings(manifest, recording, window),
    ...agentWarnings(manifest, recording),
    // What is overloaded on purpose fills and empties in waves.
    ...(manifest.plan.overload ? [] : fillingWarnings(manifest)),
  ];
}

function stateWarnings(manifest: Manifest): Warning[] {
  if (manifest.state === 'running') {
    const message =
      'the rig was killed before the run ended; what was recorded until then is judged: repeat the run';
    return [{ id: 'recording-incomplete', concerns: 'coverage', message }];
  }
  if (manifest.state === 'interrupted') {
    return [
      { id: 'interrupted', concerns: 'note', message: 'the run was interrupted and judged on what it had' },
    ];
  }
  return [];
}

function generatorWarnings(load: LoadSummary | null): Warning[] {
  const message = load === null || load.intended <= 0 ? null : shortfall(load);
  return message === null ? [] : [{ id: 'generator-fell-short', concerns: 'coverage', message }];
}

/** The first promise that the load generator did not keep; null when it kept all of them. */
function shortfall(load: LoadSummary): string | null {
  const { generator } = load;
  if (load.offered < MIN_LOAD_SHARE * load.intended) {
    const share = ((100 * load.offered) / load.intended).toFixed(1);
    return `the load generator offered only ${share} % of the intended operations (${load.offered} of ${load.intended}, ${load.dropped} dropped): lower --rate or free the machine`;
  }
  const lateMs = generator?.scheduleErrorP99Ms ?? 0;
  if (lateMs > MAX_SCHEDULE_ERROR_MS) {
    return `the load generator was late: 1 % of the operations left ${Math.round(lateMs)} ms or more after their time, ${MAX_SCHEDULE_ERROR_MS} ms are allowed: lower --rate or free the machine`;
  }
  const drops = generator?.kernelDrops ?? 0;
  if (drops > (1 - MIN_LOAD_SHARE) * load.offered) {
    return `the load generator lost ${drops} answers because it did not read them in time: raise net.core.rmem_max, lower --rate or free the machine`;
  }
  return null;
}

/** Too few rows in the judged window, or rows missing from it. */
function rowWarnings(manifest: Manifest, recording: Recording, window: TimeWindow | null): Warning[] {
  const times = window === null ? [] : rowTimes(recording, window);
  const warnings: Warning[] = [];
  if (times.length < MIN_PASS_SAMPLES) {
    const message = `${times.length} rows in the judged window, a pass needs ${MIN_PASS_SAMPLES}: ${nextMove(manifest.plan)}`;
    warnings.push({ id: 'few-samples', concerns: 'coverage', message });
  }
  const every = manifest.plan.sampleEveryMs;
  const steps = times.slice(1).map((at, i) => at - (times[i] as number));
  const gaps = steps.filter((step) => step > GAP_INTERVALS * every);
  if (gaps.length > 0) {
    const missing = gaps.reduce((sum, gap) => sum + Math.round(gap / every) - 1, 0);
    const share = missing / (missing + times.length);
    const longest = formatDuration(Math.max(...gaps));
    const message = `${gaps.length} gap${gaps.length === 1 ? '' : 's'} in the judged window, the longest ${longest}, ${missing} rows missing: is the machine overloaded, or was it suspended?`;
    warnings.push({ id: 'gaps', concerns: share > MAX_MISSING_SHARE ? 'coverage' : 'note', message });
  }
  return warnings;
}

function rowTimes(recording: Recording, window: TimeWindow): number[] {
  return Array.from(recording.elapsedMs.subarray(0, recording.rowCount)).filter(
    (at) => at >= window.startMs && at <= window.endMs,
  );
}

/** Without any figure from inside a Node target its heap was not seen; RSS alone then decides. */
function agentWarnings({ target }: Manifest, recording: Recording): Warning[] {
  const window = wholeRun(recording);
  if (window === null || target.isNode === false) return [];
  const read = ['heap_used_bytes', 'live_heap_bytes'].some(
    (column) => seriesOf(recording, column, window).values.length > 0,
  );
  if (read) return [];
  const message = 'the agent inside the target never answered, so its heap was not read: see target.log';
  return [{ id: 'agent-missing', concerns: 'coverage', message }];
}

function fillingWarnings(manifest: Manifest): Warning[] {
  return (manifest.structures ?? []).flatMap(({ name, atSteadyStart, atSteadyEnd }): Warning[] => {
    if (atSteadyStart === null || atSteadyEnd === null) return [];
    if (atSteadyStart >= FILLED || atSteadyEnd - atSteadyStart <= FILLING) return [];
    const filled = `${name} was still filling (${percent(atSteadyStart)} when steady began, ${percent(atSteadyEnd)} when it ended)`;
    const full = atSteadyEnd >= FILLED;
    const message = full
      ? `${filled}, so growth here may be filling: lengthen --warm-up, or take --warm-up auto`
      : `${filled} and never full, so neither growth nor its absence says what it does then: raise --duration or --rate, or take --warm-up auto`;
    return [{ id: 'structure-filling', concerns: full ? 'growth' : 'reading', message }];
  });
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
