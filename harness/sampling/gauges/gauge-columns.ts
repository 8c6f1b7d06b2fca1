import { type GaugeCells, type GaugeName, gaugeName } from '../../core/gauge.js';

/** Most gauges that are kept: a column each, in every row. */
export const MAX_GAUGES = 200;

/** Longer names are labels gone wild: request paths, messages. */
const MAX_NAME_LENGTH = 200;

/** Which of a source's figures are kept. */
export interface GaugeChoice {
  /** Names that were picked, with labels or without; empty for all. */
  readonly only: readonly string[];
  /** Gauges that a budget or a ceiling names: kept in any case. */
  readonly asked: readonly GaugeName[];
}

/** The columns of one source, as its first answer fixed them. */
export interface GaugeColumns {
  readonly names: readonly GaugeName[];
  /** Figures that found no room. */
  readonly leftOut: number;
  /** The cells of an answer; `newcomers` are the wanted ones that have no column. */
  cells(answer: ReadonlyMap<string, number>): {
    readonly cells: GaugeCells;
    readonly newcomers: readonly string[];
  };
}

/** Fixes the columns by a first answer, at most `room` of them beside those that are asked for. */
export function fixColumns(
  first: ReadonlyMap<string, number>,
  choice: GaugeChoice,
  room: number,
): GaugeColumns {
  const wanted = [...first.keys()].filter((name) => isWanted(name, choice)).map(clean);
  const asked = wanted.filter((name) => choice.asked.includes(gaugeName(name)));
  const others = wanted.filter((name) => !asked.includes(name) && name.length <= MAX_NAME_LENGTH);
  const kept = others.slice(0, Math.max(0, room - asked.length));
  const columns = new Set([...asked, ...kept]);
  return {
    names: [...columns].map(gaugeName),
    leftOut: new Set(wanted).size - columns.size,
    cells: (answer) => {
      const cells: Record<GaugeName, number> = {};
      const newcomers: string[] = [];
      for (const [name, value] of answer) {
        if (columns.has(clean(name))) cells[gaugeName(clean(name))] = value;
        else if (isWanted(name, choice) && !first.has(name)) newcomers.push(name);
      }
      return { cells, newcomers };
    },
  };
}

/** A label without what a terminal would obey or a line of text end at. */
function clean(name: string): string {
  return name.replace(/\p{Cc}/gu, '_');
}

function isWanted(name: string, { only, asked }: GaugeChoice): boolean {
  if (only.length === 0 || asked.includes(gaugeName(clean(name)))) return true;
  return only.some((picked) => name === picked || name.startsWith(`${picked}{`));
}
