/**
 * A night of soaking: is the instrument sound, does any scenario leak, does any leak more than on the last good
 * night? `npm run nightly -- [--out DIR] [--history DIR] [--hours 5] [--scenarios A,B] [--self-test on|off]`.
 *
 * Ends 0 when every scenario is good or, for fewer than three nights in a row, could not tell; 1 when one failed or
 * regressed, 2 after three nights without an answer, 3 when something could not be run.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison } from '../harness/core/comparison.js';
import type { RunVerdict } from '../harness/core/verdict.js';
import { SCENARIOS } from '../scenarios/index.js';
import { openHistory } from './nightly/history.js';
import { reportLeaks } from './nightly/issues.js';
import { jsonOf, leakSoak } from './nightly/leak-soak.js';
import { type Beside, type NightRow, nightExitCode, nightOutcome } from './nightly/night.js';
import { nightSummary, reasonOf } from './nightly/summary.js';
import { scriptArguments } from './script-arguments.js';

const USAGE =
  'usage: npm run nightly -- [--out DIR] [--history DIR] [--hours 5] [--scenarios A,B] [--self-test on|off]';

/** No run is longer: what an hour does not show, the comparison of nights does. */
const MAX_MINUTES = 60;

const values = scriptArguments(USAGE, {
  out: { type: 'string', default: 'soak-results/nightly' },
  history: { type: 'string', default: 'soak-history' },
  hours: { type: 'string', default: '5' },
  scenarios: { type: 'string' },
  'self-test': { type: 'string', default: 'on' },
});
const built = SCENARIOS.filter(({ targetConfig }) => targetConfig !== null).map(({ name }) => name);
const names = values.scenarios?.split(',') ?? built;
const unknown = names.filter((name) => !built.includes(name));
const hours = Number(values.hours);
if (unknown.length > 0) usage(`--scenarios ${unknown.join(',')}: some of ${built.join(', ')}`);
if (!(hours > 0 && hours <= 24)) usage(`--hours ${values.hours}: a number above 0 and up to 24`);
if (!['on', 'off'].includes(values['self-test'])) usage(`--self-test ${values['self-test']}: on or off`);

mkdirSync(values.out, { recursive: true });
const history = openHistory(values.history);
const commit = commitOf();
const date = new Date().toISOString();
const rows: NightRow[] = [];
process.exitCode = (await instrumentIsSound()) ? await night() : 3;

/** A night that a broken instrument has measured says nothing. */
async function instrumentIsSound(): Promise<boolean> {
  if (values['self-test'] === 'off') return true;
  const { exitCode, stdout, stderr } = await leakSoak(['self-test', '--quick']);
  writeFileSync(join(values.out, 'self-test.txt'), stdout + stderr);
  if (exitCode === 0) return true;
  summarise(
    `# Nightly soak\n\nThe self-test ended with ${exitCode}: nothing was soaked. See self-test.txt.\n`,
  );
  process.stdout.write(stdout);
  return false;
}

async function night(): Promise<number> {
  const minutes = Math.min(MAX_MINUTES, (hours * 60) / names.length);
  for (const scenario of names) {
    const run = join(values.out, scenario);
    const seconds = Math.floor(minutes * 60);
    const ended = await leakSoak(
      ['run', '--scenario', scenario, '--duration', `${seconds}s`, '--max-duration', `${seconds}s`].concat([
        '--out',
        run,
        '--force',
        '--json',
        '--quiet',
      ]),
    );
    const verdict = jsonOf<RunVerdict>(ended);
    const beside = await besideLastGood(scenario, run);
    const outcome = nightOutcome(verdict, beside);
    const inconclusiveNights = outcome === 'inconclusive' ? history.inconclusiveNights(scenario) + 1 : 0;
    const row = { scenario, outcome, verdict, beside, inconclusiveNights };
    rows.push(row);
    history.add(row, { date, commit, run });
    console.log(
      `${outcome.padEnd(12)} ${scenario}: ${verdict === null ? ended.stderr.trim() : reasonOf(row)}`,
    );
  }
  summarise(nightSummary(rows));
  await tellTracker();
  return nightExitCode(rows);
}

async function besideLastGood(scenario: string, run: string): Promise<Beside> {
  const before = history.lastGood(scenario);
  if (before === null) return { state: 'no-baseline', why: 'no baseline' };
  const ended = await leakSoak(['compare', before, run, '--json']);
  const comparison = jsonOf<Comparison>(ended);
  if (comparison !== null) return { state: 'compared', comparison };
  return { state: 'no-baseline', why: ended.stderr.trim().split('\n')[0] ?? 'not comparable' };
}

/** One issue for each leak, where there is a token to write it with; a tracker out of reach fails no night. */
async function tellTracker(): Promise<void> {
  const { GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_SERVER_URL, GITHUB_RUN_ID } = process.env;
  if (GITHUB_TOKEN === undefined || GITHUB_REPOSITORY === undefined) return;
  const nightUrl =
    GITHUB_RUN_ID === undefined
      ? null
      : `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  const apiUrl = GITHUB_API_URL ?? 'https://api.github.com';
  try {
    const tracker = { apiUrl, repository: GITHUB_REPOSITORY, token: GITHUB_TOKEN, nightUrl };
    for (const line of await reportLeaks(rows, tracker)) console.log(line);
  } catch (error) {
    console.error(`no issue written: ${(error as Error).message}`);
  }
}

function summarise(text: string): void {
  writeFileSync(join(values.out, 'summary.md'), text);
  const { GITHUB_STEP_SUMMARY } = process.env;
  if (GITHUB_STEP_SUMMARY !== undefined) appendFileSync(GITHUB_STEP_SUMMARY, text);
}

/** The commit that is soaked; empty outside a work tree. */
function commitOf(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
}

function usage(message: string): never {
  process.stderr.write(`${message}\n${USAGE}\n`);
  process.exit(4);
}
