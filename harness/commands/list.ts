import type { Command } from 'commander';
import { formatFaults, formatMetrics, formatScenarios } from '../../reports/lists.js';
import { SCENARIOS } from '../../scenarios/index.js';
import { usageError } from '../core/errors.js';
import { gaugeName } from '../core/gauge.js';
import { METRIC_NAMES, metricInfo } from '../core/metric.js';
import { readFaultCatalogue } from '../process/fault-catalogue.js';
import type { CommandContext } from './context.js';
import { type CommandOutcome, DONE } from './outcome.js';

const KINDS = ['scenarios', 'faults', 'metrics'] as const;
type Kind = (typeof KINDS)[number];

/** `leak-soak list [scenarios|faults|metrics]`. */
export function addListCommand(
  program: Command,
  context: CommandContext,
  done: (outcome: CommandOutcome) => void,
): void {
  program
    .command('list')
    .description('show the scenarios, the faults of the built-in node, or the metrics')
    .argument('[what]', `one of ${KINDS.join(', ')}; all of them when left out`)
    .option('--json', 'print JSON')
    .action(async (what: string | undefined, options: { json?: boolean }) => {
      if (what !== undefined && !isKind(what)) {
        throw usageError(`cannot list '${what}': one of ${KINDS.join(', ')}`);
      }
      const kinds = what === undefined ? KINDS : [what];
      const parts: string[] = [];
      for (const kind of kinds) {
        const { rows, text } = await content(kind);
        parts.push(options.json === true ? JSON.stringify(rows, null, 2) : text);
      }
      const json = options.json === true && kinds.length > 1;
      const joined = json
        ? `{${kinds.map((kind, i) => `"${kind}": ${parts[i]}`).join(',\n')}}`
        : parts.join('\n');
      context.stdout.write(`${joined.trimEnd()}\n`);
      done(DONE);
    });
}

function isKind(text: string): text is Kind {
  return (KINDS as readonly string[]).includes(text);
}

async function content(kind: Kind): Promise<{ rows: readonly unknown[]; text: string }> {
  if (kind === 'faults') {
    const faults = await readFaultCatalogue();
    return { rows: faults, text: formatFaults(faults) };
  }
  if (kind === 'metrics') {
    const metrics = [...METRIC_NAMES, gaugeName('NAME')].map((name) => ({ name, ...metricInfo(name) }));
    return { rows: metrics, text: formatMetrics(metrics) };
  }
  const scenarios = SCENARIOS.map(({ name, summary, exposes, defaults }) => ({
    name,
    summary,
    exposes,
    defaults,
  }));
  return { rows: scenarios, text: formatScenarios(scenarios) };
}
