import { readdirSync } from 'node:fs';

/** Names of the parts of a CSV that are in a folder, the oldest first; `fileName` itself is the last. */
export function csvParts(folder: string, fileName: string): readonly string[] {
  const names = readdirSync(folder);
  const numbers = names.flatMap((name) => partNumber(name, fileName) ?? []).sort((a, b) => a - b);
  return [
    ...numbers.map((number) => partName(fileName, number)),
    ...names.filter((name) => name === fileName),
  ];
}

/** The name that the n-th full part of a CSV gets, e.g. `samples-1.csv`. */
export function partName(fileName: string, number: number): string {
  return `${fileName.replace(/\.csv$/, '')}-${number}.csv`;
}

/** The number in `samples-12.csv`; null for any other file. */
function partNumber(name: string, fileName: string): number | null {
  const number = Number(/-([1-9]\d*)\.csv$/.exec(name)?.[1]);
  return number > 0 && name === partName(fileName, number) ? number : null;
}
