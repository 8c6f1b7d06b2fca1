import { type Command, Option } from 'commander';
import { createColours } from '../../../reports/colours.js';
import { heapText, memlabText } from '../../../reports/heap-text.js';
import { resultJson } from '../../../reports/verdict-json.js';
import { usageError } from '../../core/errors.js';
import { analyseGrowth } from '../../heap/analyse-growth.js';
import { requireMemlab, runMemlab } from '../../heap/memlab/run-memlab.js';
import type { CommandContext } from '../context.js';
import { type CommandOutcome, DONE } from '../outcome.js';

const ENGINES = ['own', 'memlab', 'both'] as const;

interface HeapDiffFlags {
  readonly operations?: number;
  readonly allocations?: string;
  readonly top?: number;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly engine: (typeof ENGINES)[number];
}

/** Culprits shown unless --top says otherwise. */
const DEFAULT_TOP = 5;

const HELP = `
Takes two or more .heapsnapshot files (.gz too) of one process, in the order in which they were taken; three tell a
leak from a cache that was filled once. Take them under the same load, with a prime number of operations between two,
e.g. with v8.writeHeapSnapshot() or by starting node with --heapsnapshot-signal=SIGUSR2.
Example: leak-soak heap-diff 1.heapsnapshot 2.heapsnapshot 3.heapsnapshot --operations 1009`;

/** `leak-soak heap-diff A B [C…]`: what grew from snapshot to snapshot, and who holds it. */
export function addHeapDiffCommand(
  program: Command,
  context: CommandContext,
  done: (outcome: CommandOutcome) => void,
): void {
  program
    .command('heap-diff')
    .description('compare heap snapshots: what grew at every step, by how much, and who holds it')
    .argument('<files...>', 'two or more heap snapshots of one process')
    .option('--operations <n>', 'operations between two snapshots, for growth per operation', operationsFlag)
    .option(
      '--allocations <file>',
      'a sampling heap profile (.heapprofile) of the process: says where the culprits were allocated',
    )
    .option('--top <n>', `culprits shown (default: ${DEFAULT_TOP}; all with --json)`, topFlag)
    .option('--all', 'show what V8 and Node keep for themselves as well')
    .option('--json', 'print the report as JSON on stdout')
    .addOption(new Option('--engine <name>', 'who compares').choices(ENGINES).default('own'))
    .addHelpText('after', HELP)
    .action(async (files: readonly string[], flags: HeapDiffFlags) => {
      if (files.length < 2) {
        throw usageError(`'${files[0]}' alone shows no growth: give two or more snapshots, three at best`);
      }
      try {
        context.stdout.write(await compare(files, flags, context));
        done(DONE);
      } catch (error) {
        if (!context.signal.aborted) throw error;
        done({ exitCode: 130, verdict: 'error', directory: null });
      }
    });
}

/** All that is printed, at once: a second engine that fails leaves nothing half said. */
async function compare(
  files: readonly string[],
  flags: HeapDiffFlags,
  { signal, colour }: CommandContext,
): Promise<string> {
  const { engine, operations = null, allocations = null, all = false, json = false } = flags;
  if (engine !== 'own') requireMemlab(files);
  const own =
    engine === 'memlab' ? null : (await analyseGrowth(files, { operations, allocations, signal })).report;
  const memlab = engine === 'own' ? null : (await runMemlab(files, { signal })).report;
  if (json) {
    const top = flags.top ?? Number.POSITIVE_INFINITY;
    const cutOwn = own === null ? null : { ...own, culprits: own.culprits.slice(0, top) };
    const cutMemlab = memlab === null ? null : { traces: memlab.traces.slice(0, top) };
    return resultJson(
      cutOwn !== null && cutMemlab !== null
        ? { own: cutOwn, memlab: cutMemlab }
        : (cutOwn ?? cutMemlab ?? {}),
    );
  }
  const top = flags.top ?? DEFAULT_TOP;
  const parts = [
    own === null ? '' : heapText(own, { colours: createColours(colour.stdout), top, all }),
    memlab === null ? '' : memlabText(memlab, top),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function operationsFlag(given: string): number {
  return wholeNumber('--operations', given);
}

function topFlag(given: string): number {
  return wholeNumber('--top', given);
}

function wholeNumber(flag: string, given: string): number {
  if (/^[1-9]\d{0,11}$/.test(given)) return Number(given);
  throw usageError(`${flag} "${given}" is not a whole number from 1`);
}
