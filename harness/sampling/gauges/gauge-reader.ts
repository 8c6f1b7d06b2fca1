import { messageOf } from '../../core/errors.js';
import type { GaugeCells, GaugeName } from '../../core/gauge.js';
import type { Warning } from '../../core/warning.js';
import { fixColumns, type GaugeChoice, type GaugeColumns, MAX_GAUGES } from './gauge-columns.js';
import type { GaugeSource } from './gauge-source.js';

/** Reads a target's own figures beside the sampler's ticks, which never wait for it. */
export interface GaugeReader {
  /** Starts a scrape where one is due at this time and none is under way; resolves, never rejects, when it is over. */
  ask(nowMs: number): Promise<void>;
  /** What has come since the last call; empty without news. */
  take(): GaugeCells;
  /** Why figures are missing, as far as nothing was said of that yet. Ends the reading. */
  close(): readonly Warning[];
}

export interface GaugeReaderOptions extends GaugeChoice {
  readonly sources: readonly GaugeSource[];
  readonly everyMs: number;
  /** Takes the names of all columns when a source has fixed its own. */
  readonly onColumns: (names: readonly GaugeName[]) => void;
  readonly onWarning: (warning: Warning) => void;
}

/** Scrapes that come a little early must not be put off by a whole period. */
const TOLERANCE = 0.9;

/** Names that a message lists. */
const SHOWN = 5;

/** A reader of several sources; each fixes its columns by its first answer. */
export function openGaugeReader(options: GaugeReaderOptions): GaugeReader {
  const { sources, everyMs, onColumns, onWarning } = options;
  const closed = new AbortController();
  const columns = new Map<GaugeSource, GaugeColumns>();
  const failures = new Map<GaugeSource, string>();
  let fresh: GaugeCells = {};
  let lastMs = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;
  let newcomersTold = false;

  const allNames = (): GaugeName[] => [...columns.values()].flatMap(({ names }) => names);
  const fix = (source: GaugeSource, answer: ReadonlyMap<string, number>): GaugeColumns => {
    const fixed = fixColumns(answer, options, MAX_GAUGES - allNames().length);
    columns.set(source, fixed);
    onColumns(allNames());
    if (fixed.leftOut > 0) {
      onWarning(
        dropped(
          `${source.url} shows ${fixed.leftOut} gauges more than the ${MAX_GAUGES} that are kept, or with names too long: pick some with --gauge NAME`,
        ),
      );
    }
    return fixed;
  };
  const read = async (source: GaugeSource): Promise<void> => {
    try {
      const answer = await source.read(closed.signal);
      if (closed.signal.aborted) return;
      const { cells, newcomers } = (columns.get(source) ?? fix(source, answer)).cells(answer);
      fresh = { ...fresh, ...cells };
      if (newcomers.length === 0 || newcomersTold) return;
      newcomersTold = true;
      onWarning(
        dropped(
          `${source.url} shows gauges that its first answer did not have, and they are not kept: ${few(newcomers)}`,
        ),
      );
    } catch (error) {
      failures.set(source, messageOf(error));
    }
  };
  return {
    ask(nowMs) {
      if (running !== null) return running;
      if (nowMs - lastMs < TOLERANCE * everyMs || closed.signal.aborted) return Promise.resolve();
      lastMs = nowMs;
      running = Promise.all(sources.map(read)).then(() => {
        running = null;
      });
      return running;
    },
    take() {
      const cells = fresh;
      fresh = {};
      return cells;
    },
    close() {
      closed.abort();
      const silent = sources.filter((source) => !columns.has(source));
      const names = allNames();
      const missing = [
        ...options.asked.filter((name) => !names.includes(name)),
        ...options.only.filter((picked) => !names.some((name) => isOf(name, picked))),
      ];
      return [
        ...silent.map((source) =>
          unread(`no gauge was read from ${source.url}: ${failures.get(source) ?? 'it did not answer'}`),
        ),
        ...(silent.length > 0 || missing.length === 0
          ? []
          : [unread(`the target shows no ${few(missing)}; it shows ${few(names)}`)]),
      ];
    },
  };
}

function isOf(name: GaugeName, picked: string): boolean {
  return name === `gauge.${picked}` || name.startsWith(`gauge.${picked}{`);
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown || 'nothing';
}

function dropped(message: string): Warning {
  return { id: 'gauges-dropped', concerns: 'note', message };
}

function unread(message: string): Warning {
  return { id: 'gauges-unread', concerns: 'note', message };
}
