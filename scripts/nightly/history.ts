import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { NightRow } from './night.js';

const HEADER =
  'date,commit,scenario,outcome,metric,verdict,unit,growth_per_min,half_width_per_min,budget_per_min';

/** What a last good night keeps of a run: enough to compare with, not its logs. */
const KEPT = /^(samples(-\d+)?\.csv|run\.json|verdict\.json)$/;

/** What nights leave for the nights after them: growth rates, the last good runs, nights without an answer. */
export interface History {
  /** Folder of the scenario's last good run; null before the first. */
  lastGood(scenario: string): string | null;
  /** Nights in a row on which the scenario could not tell, up to now. */
  inconclusiveNights(scenario: string): number;
  /** Adds a scenario's growth rates, counts its nights without an answer, and keeps its run if it was good. */
  add(row: NightRow, night: { readonly date: string; readonly commit: string; readonly run: string }): void;
}

/**
 * The history kept in a folder: `growth.csv`, `inconclusive.json` and `last-good/SCENARIO/`. It belongs to one
 * branch; the folder is made when it is not there.
 */
export function openHistory(folder: string): History {
  const growth = join(folder, 'growth.csv');
  const counts = join(folder, 'inconclusive.json');
  const lastGood = join(folder, 'last-good');
  mkdirSync(lastGood, { recursive: true });
  if (!existsSync(growth)) writeFileSync(growth, `${HEADER}\n`);
  const inconclusive: Record<string, number> = existsSync(counts)
    ? (JSON.parse(readFileSync(counts, 'utf8')) as Record<string, number>)
    : {};

  return {
    lastGood: (scenario) => {
      const run = join(lastGood, scenario);
      return existsSync(run) ? run : null;
    },
    inconclusiveNights: (scenario) => inconclusive[scenario] ?? 0,
    add: (row, { date, commit, run }) => {
      appendFileSync(growth, growthLines(row, date, commit));
      inconclusive[row.scenario] = row.inconclusiveNights;
      replaceFile(counts, `${JSON.stringify(inconclusive, null, 2)}\n`);
      if (row.outcome === 'good') keep(run, join(lastGood, row.scenario));
    },
  };
}

/** A line for each metric; an empty cell where nothing could be measured. */
function growthLines({ scenario, outcome, verdict }: NightRow, date: string, commit: string): string {
  const start = `${date},${commit},${scenario},${outcome}`;
  if (verdict === null || verdict.metrics.length === 0) return `${start},,,,,,\n`;
  return verdict.metrics
    .map(
      (metric) =>
        `${start},${metric.metric},${metric.verdict},${metric.unit},${metric.growthPerMin ?? ''},` +
        `${metric.halfWidthPerMin ?? ''},${metric.budgetPerMin}\n`,
    )
    .join('');
}

/** The copy takes the old one's place only when it is whole. */
function keep(run: string, place: string): void {
  const copy = `${place}.new`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(run, copy, {
    recursive: true,
    filter: (file) => file === run || KEPT.test(basename(file)),
  });
  rmSync(place, { recursive: true, force: true });
  renameSync(copy, place);
}

function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
