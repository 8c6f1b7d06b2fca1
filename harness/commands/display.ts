import { createLogUpdate } from 'log-update';
import { statusLine } from '../../reports/status-line.js';
import type { Sample } from '../core/sample.js';
import { formatDuration } from '../core/units.js';
import type { ResolvedRun } from '../run/run-options.js';
import type { RunProgress, RunSinks } from '../run/sinks.js';
import type { CommandContext } from './context.js';

/** Lines between two phases on a stream that cannot be redrawn: one per this long. */
const PLAIN_EVERY_MS = 30_000;

/** A narrower terminal (or one that does not tell its width) gets plain lines. */
const MIN_LIVE_WIDTH = 20;

/** Samples that the sparkline shows. */
const SPARKLINE_SAMPLES = 30;

/** What the user sees while a run lasts: one line redrawn on a terminal, a line per phase elsewhere. */
export interface Display {
  progress(progress: RunProgress): void;
  sample(sample: Sample): void;
  /** A sentence that stays on the screen. */
  notice(text: string): void;
  /** Takes the live line away; may be called twice. */
  stop(): void;
}

/** The sinks of a run whose progress is shown as well: its samples go to both. */
export function shownSinks(
  sinks: Omit<RunSinks, 'progress' | 'notice'>,
  display: Omit<Display, 'stop'>,
): RunSinks {
  return {
    ...sinks,
    sample: (row) => {
      sinks.sample(row);
      display.sample(row);
    },
    progress: display.progress,
    notice: display.notice,
  };
}

/** What is shown, and of what. */
export interface Shown {
  /** The line that stays on top. */
  readonly heading: string;
  /** False when somebody else drives the target. */
  readonly hasLoad: boolean;
  /** False when it goes on until Ctrl-C. */
  readonly hasEnd: boolean;
}

/** What the display of a run with load shows. */
export function shownOfRun(run: ResolvedRun, directory: string): Shown {
  const { plan, scenario, faults } = run;
  const heading =
    `leak-soak: ${scenario.name}${faults.length === 0 ? '' : ` with ${faults.join(', ')}`}: ` +
    `${formatDuration(plan.durationMs)} ${loadText(run)}, a sample every ` +
    `${formatDuration(plan.sampleEveryMs)}, into ${directory}` +
    `${plan.maxDurationMs > plan.durationMs ? `; may take up to ${formatDuration(plan.maxDurationMs)}` : ''}`;
  return { heading, hasLoad: true, hasEnd: true };
}

export function startDisplay(shown: Shown, context: CommandContext, quiet: boolean): Display {
  if (quiet) {
    const nothing = (): void => undefined;
    return { progress: nothing, sample: nothing, notice: nothing, stop: nothing };
  }
  context.stderr.write(`${shown.heading}\n`);
  const width = (context.stderr as NodeJS.WriteStream).columns ?? 0;
  return context.live && width >= MIN_LIVE_WIDTH ? liveDisplay(shown, context) : plainDisplay(shown, context);
}

function loadText({ plan, choices }: ResolvedRun): string {
  if (choices.loadCommand !== null) return `of ${choices.loadCommand[0]}`;
  return plan.outstanding === null ? `at ${plan.ratePerSec}/s` : `with ${plan.outstanding} in flight`;
}

function liveDisplay(shown: Shown, context: CommandContext): Display {
  const stream = context.stderr as NodeJS.WriteStream;
  const draw = createLogUpdate(stream);
  const recent = recentSamples();
  return {
    progress: (progress) => draw(describe(shown, progress, recent, stream.columns)),
    sample: recent.add,
    notice: (text) => {
      draw.clear();
      stream.write(`${text}\n`);
    },
    stop: () => draw.clear(),
  };
}

function plainDisplay(shown: Shown, context: CommandContext): Display {
  const recent = recentSamples();
  let lastPhase: RunProgress['phase'] | null = null;
  let lastAtMs = 0;
  return {
    progress: (progress) => {
      const due = progress.elapsedMs - lastAtMs >= PLAIN_EVERY_MS;
      if (progress.phase === lastPhase && !due) return;
      lastPhase = progress.phase;
      lastAtMs = progress.elapsedMs;
      context.stderr.write(`${describe(shown, progress, recent)}\n`);
    },
    sample: recent.add,
    notice: (text) => void context.stderr.write(`${text}\n`),
    stop: () => undefined,
  };
}

/** The last samples, oldest first. */
interface RecentSamples {
  add(sample: Sample): void;
  list(): readonly Sample[];
}

function recentSamples(): RecentSamples {
  let samples: readonly Sample[] = [];
  return {
    add: (sample) => {
      samples = [...samples, sample].slice(-SPARKLINE_SAMPLES);
    },
    list: () => samples,
  };
}

function describe(
  { hasLoad, hasEnd }: Shown,
  progress: RunProgress,
  recent: RecentSamples,
  width?: number,
): string {
  const { phase, elapsedMs, durationMs } = progress;
  if (phase === 'starting' || phase === 'stopping' || phase === 'judging') return phase;
  const samples = recent.list();
  const present = (pick: (sample: Sample) => number | null): number[] =>
    samples.map(pick).filter((value): value is number => value !== null);
  const status = {
    phase,
    leftMs:
      phase === 'settle' || phase === 'attribution' || !hasEnd ? null : Math.max(0, durationMs - elapsedMs),
    elapsedMs: hasEnd ? null : elapsedMs,
    hasLoad,
    rssBytes: present((sample) => sample.rssBytes),
    offeredPerSec: rateOf(samples, (sample) => sample.offered),
    answeredPerSec: rateOf(samples, (sample) => sample.answered),
    liveHeapBytes: present((sample) => sample.liveHeapBytes).at(-1) ?? null,
  };
  return statusLine(status, width);
}

/** Increase per second of a running total between the last two samples; null before there are two. */
function rateOf(samples: readonly Sample[], total: (sample: Sample) => number | null): number | null {
  const [before, after] = samples.slice(-2);
  if (before === undefined || after === undefined) return null;
  const [from, to] = [total(before), total(after)];
  const seconds = (after.elapsedMs - before.elapsedMs) / 1000;
  return from === null || to === null || seconds <= 0 ? null : (to - from) / seconds;
}
