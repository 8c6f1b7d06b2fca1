/** `leak-soak self-test`: the proof that the product works. Every fixed node passes, every fault is found by its sign. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { junitXml, type TestCase } from '../../../reports/junit.js';
import { matrixLine, matrixSummary } from '../../../reports/matrix-text.js';
import { SCENARIOS } from '../../../scenarios/index.js';
import { usageError } from '../../core/errors.js';
import { type MatrixRow, type RowResult, rowName } from '../../core/matrix.js';
import { rungName } from '../../core/rung.js';
import { readFaultCatalogue } from '../../process/fault-catalogue.js';
import { collect } from '../collect.js';
import type { CommandContext } from '../context.js';
import { makeDefaultRunFolder, makeRunFolder, replaceFile } from '../files/run-folder.js';
import { type CommandOutcome, inDirectory } from '../outcome.js';
import { runLadder } from './ladder/run-ladder.js';
import { pickRungs } from './ladder/rungs.js';
import { inLanes, lanesFlag, MAX_LANES } from './lanes.js';
import { matrixRows, pickRows, withoutRetainers } from './rows.js';
import { runRow } from './run-row.js';

interface SelfTestFlags {
  readonly quick?: boolean;
  readonly ladder?: boolean;
  readonly only: readonly string[];
  readonly lanes?: number;
  readonly junit?: string;
  readonly json?: boolean;
  readonly out?: string;
}

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
    .option(
      '--ladder',
      'instead of the matrix: leaks of exact rates at 0.5, 1 and 2 x the promised floor, and the minutes to detection',
    )
    .option(
      '--only <row>',
      'a scenario, a fault, or scenario/fault; with --ladder a leak, or leak/rate (repeatable)',
      collect,
      [],
    )
    .option(
      '--lanes <n>',
      `runs at a time (default: ${MAX_LANES} where there are the cores for it)`,
      lanesFlag,
    )
    .option('--junit <file>', 'write the rows as test cases in JUnit XML')
    .option('--json', 'print the rows as JSON on stdout')
    .option('--out <dir>', 'folder of the runs (default: soak-results/self-test-<time>)')
    .action(async (flags: SelfTestFlags) => {
      const run = await prepare(flags, context);
      const folder =
        flags.out === undefined
          ? makeDefaultRunFolder('self-test', new Date())
          : makeRunFolder(flags.out, false);
      done(
        await inDirectory(folder, async () => {
          const cases = await run(folder);
          if (flags.junit !== undefined) replaceFile(flags.junit, junitXml('leak-soak self-test', cases));
          return { ...verdictOf(cases), directory: folder };
        }),
      );
    });
}

/** What is to be run is known before there is a folder for it. Throws `usage` for flags that do not go together. */
async function prepare(
  flags: SelfTestFlags,
  context: CommandContext,
): Promise<(folder: string) => Promise<readonly TestCase[]>> {
  if (flags.ladder !== true) {
    const picked = pickRows(matrixRows(SCENARIOS, await readFaultCatalogue()), flags.only);
    const rows = flags.quick === true ? withoutRetainers(picked) : picked;
    return (folder) => runMatrix(rows, folder, flags, context);
  }
  if (flags.quick === true) {
    throw usageError('--quick is a form of the matrix: the ladder has one length only, leave --quick out');
  }
  const rungs = pickRungs(flags.only);
  return async (folder) => {
    const results = await runLadder(rungs, folder, flags, context);
    return results.map((result) => ({
      ...result,
      group: result.rung.leak,
      name: rungName(result.rung),
      isGood: result.asPromised,
    }));
  };
}

async function runMatrix(
  rows: readonly MatrixRow[],
  folder: string,
  flags: SelfTestFlags,
  context: CommandContext,
): Promise<readonly TestCase[]> {
  const runFlags = flags.quick === true ? ['--length', 'quick', '--heap-snapshots', 'off'] : [];
  const results: RowResult[] = [];
  await inLanes(rows, flags.lanes, async (row) => {
    const result = await runRow(row, join(folder, rowName(row).replace('/', '-')), runFlags, context.signal);
    results.push(result);
    if (flags.json !== true) context.stdout.write(matrixLine(result));
  });
  const inOrder = rows.flatMap((row) => results.find((result) => result.row === row) ?? []);
  context.stdout.write(
    flags.json === true ? `${JSON.stringify(inOrder, null, 2)}\n` : matrixSummary(inOrder),
  );
  return inOrder.map((result) => ({
    ...result,
    group: result.row.scenario,
    name: rowName(result.row),
    isGood: result.asDeclared,
  }));
}

/** All as it should be is a pass; one that is not is a fail; one that cannot tell leaves it open. */
function verdictOf(cases: readonly TestCase[]): Pick<CommandOutcome, 'exitCode' | 'verdict'> {
  if (cases.some(({ isGood }) => isGood === false)) return { exitCode: 1, verdict: 'fail' };
  if (cases.some(({ isGood }) => isGood === null)) return { exitCode: 2, verdict: 'inconclusive' };
  return { exitCode: 0, verdict: 'pass' };
}
