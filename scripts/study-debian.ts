/**
 * Soaks servers as Debian ships them through the command line; each must pass:
 * `npm run study:debian -- [--duration 2m] [--only NAME] [--keep DIR]`.
 *
 * What is not installed is skipped and said so. Ends 0 when all that ran passed and at least one did run.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort } from '../harness/core/free-port.js';
import { formatRate, parseDuration } from '../harness/core/units.js';
import type { RunVerdict } from '../harness/core/verdict.js';
import { renderTable } from '../reports/table.js';
import { verdictWhy } from '../reports/verdict-why.js';
import { DEBIAN_SERVERS, type DebianServer } from './debian/servers.js';

const CLI = fileURLToPath(new URL('../harness/cli.js', import.meta.url));

/** Daemons live in the last two, which are not on every user's PATH. */
const PATH = [process.env.PATH ?? '', '/usr/sbin', '/sbin'].join(delimiter);

const { values } = parseArgs({
  options: {
    duration: { type: 'string', default: '2m' },
    only: { type: 'string' },
    keep: { type: 'string' },
  },
});
parseDuration(values.duration, { name: '--duration', minMs: 20_000, maxMs: 3_600_000 });
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'leak-soak-debian-'));
const rows: string[][] = [];
let [ran, passed] = [0, 0];
try {
  for (const server of DEBIAN_SERVERS) {
    if (values.only === undefined || values.only === server.name) await soak(server);
  }
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
const columns = ['server', 'outcome', 'RSS grows', 'why'].map((heading) => ({
  heading,
  align: 'left' as const,
}));
const cells = rows.map((row) => row.map((text) => ({ text })));
process.stdout.write(`${renderTable(columns, cells).join('\n')}\n`);
process.exitCode = ran > 0 && passed === ran ? 0 : 1;

async function soak(server: DebianServer): Promise<void> {
  const missing = server.programs.filter((program) => !isInstalled(program));
  if (missing.length > 0) {
    rows.push([server.name, 'skipped', '', `not installed: ${missing.join(', ')}`]);
    return;
  }
  const own = join(folder, server.name);
  mkdirSync(own, { recursive: true });
  const out = join(own, 'run');
  const flags = [...server.prepare(own, await freePort()), '--duration', values.duration, '--out', out];
  process.stderr.write(`${server.name}: leak-soak run ${flags.join(' ')}\n`);
  spawnSync(process.execPath, [CLI, 'run', ...flags, '--force'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PATH },
  });
  const verdict = JSON.parse(readFileSync(join(out, 'verdict.json'), 'utf8')) as RunVerdict;
  ran++;
  if (verdict.verdict === 'pass') passed++;
  const rss = verdict.metrics.find(({ metric }) => metric === 'rss');
  const growth = rss?.growthPerMin == null ? '' : formatRate(rss.growthPerMin, 'bytes');
  rows.push([server.name, verdict.verdict, growth, verdictWhy(verdict).split('\n')[0] ?? '']);
}

function isInstalled(program: string): boolean {
  return PATH.split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
