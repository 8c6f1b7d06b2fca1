/** `leak-soak self-test`: the proof that the product works. Every fixed node passes, every fault is found by its sign. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { junitXml } from '../../../reports/junit.js';
import { matrixLine, matrixSummary } from '../../../reports/matrix-text.js';
import { SCENARIOS } from '../../../scenarios/index.js';
import { type MatrixRow, type RowResult, rowName } from '../../core/matrix.js';
import { readFaultCatalogue } from '../../process/fault-catalogue.js';
import { collect } from '../collect.js';
import type { CommandContext } from '../context.js';
import { makeDefaultRunFolder, makeRunFolder, replaceFile } from '../files/run-folder.js';
import { type CommandOutcome, inDirectory } from '../outcome.js';
import { matrixRows, pickRows, withoutRetainers } from './rows.js';
import { runRow } from './run-row.js';

interface SelfTestFlags {
  readonly quick?: boolean;
  readonly only: readonly string[];
  readonly lanes?: number;
  readonly junit?: string;
  readonly json?: boolean;
  readonly out?: string;
}

/** Two runs at a time disturb each other little where each has a core; the verdicts of more are not worth the time. */
const MAX_LANES = 2;

export function addSelfTestCommand(
  program: Command,
  context: CommandContext,
  done: (outcome: CommandOutcome) => void,
): void {
  program
    .command('self-test')
    .description(
      'run every scenario with the fixed node and with each of its faults: is all found, and nothing else?',
    )
    .option(
      '--quick',
      'half a minute a row, coarsely judged and without culprits: under a quarter of an hour in all',
    )
    .option('--only <row>', 'a scenario, a fault, or scenario/fault (repeatable)', collect, [])
    .option(
      '--lanes <n>',
      `runs at a time (default: ${MAX_LANES} where there are the cores for it)`,
      lanesFlag,
    )
    .option('--junit <file>', 'write the rows as test cases in JUnit XML')
    .option('--json', 'print the rows as JSON on stdout')
    .option('--out <dir>', 'folder of the runs (default: soak-results/self-test-<time>)')
    .action(async (flags: SelfTestFlags) => {
      const picked = pickRows(matrixRows(SCENARIOS, await readFaultCatalogue()), flags.only);
      const rows = flags.quick === true ? withoutRetainers(picked) : picked;
      const folder =
        flags.out === undefined
          ? makeDefaultRunFolder('self-test', new Date())
          : makeRunFolder(flags.out, false);
      done(await inDirectory(folder, () => runMatrix(rows, folder, flags, context)));
    });
}

async function runMatrix(
  rows: readonly MatrixRow[],
  folder: string,
  flags: SelfTestFlags,
  context: CommandContext,
): Promise<CommandOutcome> {
  const lanes = flags.lanes ?? Math.min(MAX_LANES, availableParallelism());
  const runFlags = flags.quick === true ? ['--length', 'quick', '--heap-snapshots', 'off'] : [];
  const waiting = [...rows];
  const results: RowResult[] = [];
  const lane = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      const result = await runRow(
        row,
        join(folder, rowName(row).replace('/', '-')),
        runFlags,
        context.signal,
      );
      results.push(result);
      if (flags.json !== true) context.stdout.write(matrixLine(result));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const inOrder = rows.flatMap((row) => results.find((result) => result.row === row) ?? []);
  if (flags.junit !== undefined) replaceFile(flags.junit, junitXml('leak-soak self-test', inOrder));
  context.stdout.write(
    flags.json === true ? `${JSON.stringify(inOrder, null, 2)}\n` : matrixSummary(inOrder),
  );
  return { ...verdictOf(inOrder), directory: folder };
}

/** All as declared is a pass; a row that is not is a fail; one that cannot tell leaves it open. */
function verdictOf(results: readonly RowResult[]): Pick<CommandOutcome, 'exitCode' | 'verdict'> {
  if (results.some(({ asDeclared }) => asDeclared === false)) return { exitCode: 1, verdict: 'fail' };
  if (results.some(({ asDeclared }) => asDeclared === null)) return { exitCode: 2, verdict: 'inconclusive' };
  return { exitCode: 0, verdict: 'pass' };
}

function lanesFlag(text: string): number {
  const lanes = Number(text);
  if (/^\d+$/.test(text) && lanes >= 1 && lanes <= 64) return lanes;
  throw new InvalidArgumentError('give a whole number between 1 and 64');
}
