import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeedItem } from './items.js';

/** What shows an item. */
export interface CoveredItem extends SeedItem {
  /** `file:line` of each test whose name quotes it, or of the source line that has the metric. */
  readonly shownBy: readonly string[];
  /** The npm script, where it exists. */
  readonly ownCommand: string | null;
}

interface SourceFile {
  readonly path: string;
  readonly lines: readonly string[];
}

/** Folders with code of the product; what says what is to be covered covers nothing itself. */
const FOLDERS: readonly string[] = ['harness', 'scenarios', 'target', 'reports', 'scripts'];
const NOT_COUNTED = 'scripts/seeds/items.ts';

/** Looks in the tests below `root`, and for metrics in the sources of the target, for what shows each item. */
export function coverageOf(root: string, items: readonly SeedItem[]): readonly CoveredItem[] {
  const files = FOLDERS.flatMap((folder) => sourceFiles(root, folder)).filter(
    ({ path }) => path !== NOT_COUNTED,
  );
  const tests = files.filter(({ path }) => path.endsWith('.test.ts'));
  const sources = files.filter(({ path }) => path.startsWith('target/') && !path.endsWith('.test.ts'));
  const scripts = scriptsOf(root);
  return items.map((item) => ({
    ...item,
    shownBy: item.kind === 'metric' ? whereIs(item.text, sources) : whereIs(item.text, tests),
    ownCommand: item.command !== null && scripts.has(item.command) ? `npm run ${item.command}` : null,
  }));
}

/** Nothing shows it. */
export function isWithout({ shownBy, ownCommand }: CoveredItem): boolean {
  return shownBy.length === 0 && ownCommand === null;
}

function whereIs(text: string, files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) => (quotes(line, text) ? `${path}:${index + 1}` : [])),
  );
}

/** True when the words stand in the line and are not the beginning of a longer item, as `… load` is of `… load (100,000+ queries)`. */
function quotes(line: string, text: string): boolean {
  const at = line.indexOf(text);
  return at >= 0 && !/^(\w| \()/.test(line.slice(at + text.length));
}

function scriptsOf(root: string): ReadonlySet<string> {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  return new Set(Object.keys(scripts));
}

function sourceFiles(root: string, folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') || path.endsWith('.cts'))
    .map((path) => `${folder}/${path}`)
    .sort()
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n') }));
}
