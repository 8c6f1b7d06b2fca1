import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Tests of the whole command stand in several rooms and belong to none. */
const E2E_TESTS = '*.e2e.test.ts';

/**
 * Which rooms a room may import from; its own files always. Tests obey the same rules, fixtures included.
 * The longest matching prefix decides. `target` and `harness` share nothing: they meet over sockets.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'harness/core': [],
  'harness/stats': ['harness/core'],
  'harness/heap': ['harness/core'],
  'harness/process': ['harness/core', 'harness/stats'],
  'harness/agent': ['harness/core', 'harness/stats'],
  'harness/sampling': ['harness/core', 'harness/stats'],
  'harness/load': ['harness/core', 'harness/stats'],
  'harness/verdict': ['harness/core', 'harness/stats'],
  'harness/run': [
    'harness/core',
    'harness/stats',
    'harness/process',
    'harness/agent',
    'harness/sampling',
    'harness/load',
    'harness/verdict',
    'harness/heap',
  ],
  'harness/index.ts': ['harness'],
  'harness/commands': ['harness', 'reports', 'scenarios'],
  'harness/cli.ts': ['harness/commands', 'harness/core'],
  reports: ['harness/core', 'harness/stats', 'harness/verdict'],
  scenarios: ['harness/index.ts'],
  target: [],
  scripts: ['harness', 'reports', 'scenarios', 'target'],
  'vitest.config.ts': [],
  [E2E_TESTS]: ['harness', 'scenarios', 'reports', 'target', 'scripts'],
};

/** Third-party packages that live in one place only, so that each can be replaced in one place. */
const CONFINED: Readonly<Record<string, readonly string[]>> = {
  autocannon: ['harness/load/http', 'scripts/load-bench', 'scripts/observer'],
  // The node has an implementation of the format of its own, which its tests hold against this one.
  'cbor-x': ['harness/load/peer/wire'],
  'classic-level': ['target/chain/chain-store.ts'],
  commander: ['harness/commands', 'target/main.ts'],
  'csv-stringify': ['reports'],
  'csv-parse': ['reports'],
  'dns-packet': ['harness/load', 'target/dns', 'target/fixtures', 'scripts/compare/answer-facts.ts'],
  koffi: ['harness/load/dns/mmsg.ts'],
  'log-update': ['harness/commands'],
  picocolors: ['reports', 'harness/commands'],
  pidusage: ['harness/sampling'],
  'smol-toml': ['harness/run', 'target/config.ts', 'target/domains/zone-file.ts'],
  zod: [
    'reports',
    'target/chain/domain-data.ts',
    'target/config.ts',
    'target/config-values.ts',
    'target/domains/zone-file.ts',
    'target/peer-config.ts',
  ],
};

/** One import that should not be. */
export interface Offence {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Checks every TypeScript file below `root` against the table above; type-only imports count as well. */
export function checkImports(root: string): readonly Offence[] {
  const files = sourceFiles(root);
  const offences = files.flatMap((file) => checkFile(file, readFileSync(join(root, file), 'utf8')));
  return [...offences, ...cycles(root, files)];
}

function checkFile(file: string, text: string): readonly Offence[] {
  const room = roomOf(file);
  if (room === null)
    return [{ file, line: 1, message: 'belongs to no room: name it in scripts/check-imports.ts' }];
  return importsOf(text).flatMap(({ specifier, line }) => {
    const message = specifier.startsWith('.')
      ? checkRelative(file, room, specifier)
      : checkPackage(file, specifier);
    return message === null ? [] : [{ file, line, message }];
  });
}

function checkRelative(file: string, room: string, specifier: string): string | null {
  const wanted = resolveImport(file, specifier);
  const inRoom = (prefix: string): boolean => wanted === prefix || wanted.startsWith(`${prefix}/`);
  if (inRoom(room) || (ALLOWED[room] ?? []).some(inRoom)) return null;
  return `${room} must not import from ${wanted}`;
}

function checkPackage(file: string, specifier: string): string | null {
  const name = specifier.startsWith('@')
    ? specifier.split('/').slice(0, 2).join('/')
    : (specifier.split('/')[0] ?? specifier);
  const places = CONFINED[name];
  const isTest = /\.test\.ts$/.test(file);
  if (
    isTest ||
    places === undefined ||
    places.some((place) => file === place || file.startsWith(`${place}/`))
  ) {
    return null;
  }
  return `${name} is confined to ${places.join(', ')}`;
}

function roomOf(file: string): string | null {
  if (file.endsWith('.e2e.test.ts')) return E2E_TESTS;
  const rooms = Object.keys(ALLOWED).filter((room) => file === room || file.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** Static imports and re-exports at the start of a line, over several lines too, and dynamic imports anywhere. */
const IMPORT_PATTERNS = [
  /^(?:import|export)\b[^'"`;]*?\bfrom\s+'([^']+)'/gm,
  /^import\s+'([^']+)'/gm,
  /\bimport\(\s*'([^']+)'/g,
];

function importsOf(text: string): readonly { specifier: string; line: number }[] {
  return IMPORT_PATTERNS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({
      specifier: match[1] ?? '',
      line: text.slice(0, match.index).split('\n').length,
    })),
  );
}

function resolveImport(file: string, specifier: string): string {
  return posix.join(dirname(file), specifier).replace(/\.(c?)js$/, '.$1ts');
}

/** Circles of imports between files, each named once by its smallest member. */
function cycles(root: string, files: readonly string[]): readonly Offence[] {
  const graph = new Map(
    files.map((file) => [
      file,
      importsOf(readFileSync(join(root, file), 'utf8'))
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => resolveImport(file, specifier)),
    ]),
  );
  const offences: Offence[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      offences.push({
        file,
        line: 1,
        message: `import circle: ${[...path.slice(start), file].join(' -> ')}`,
      });
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  return offences;
}

function sourceFiles(root: string): readonly string[] {
  const skipped = new Set(['node_modules', 'dist', 'soak-results', 'coverage']);
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name.startsWith('.') || skipped.has(entry.name)) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return walk(path);
      return /\.c?ts$/.test(entry.name) ? [relative(root, path).split(sep).join('/')] : [];
    });
  return walk(root).sort();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const offences = checkImports(process.cwd());
  for (const { file, line, message } of offences) console.error(`${file}:${line}: ${message}`);
  process.exitCode = offences.length === 0 ? 0 : 1;
}
