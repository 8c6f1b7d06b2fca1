import { couldNotRun } from '../core/errors.js';
import type { FaultInfo } from '../core/fault.js';
import { isMetricName } from '../core/metric.js';
import { BUILT_IN_NODE, nodeCommand } from './node-command.js';
import { runForJson } from './run-json.js';

const TEXT_FIELDS = ['id', 'system', 'leak', 'structure', 'trigger', 'metric', 'retainer'] as const;

/**
 * Asks the built-in node, or that of another version, for its faults. Throws `could-not-run` when its answer is
 * not a catalogue.
 */
export async function readFaultCatalogue(program = BUILT_IN_NODE): Promise<readonly FaultInfo[]> {
  const answer = await runForJson(nodeCommand(program, 'faults', '--json'));
  if (!Array.isArray(answer)) throw couldNotRun("the node's fault catalogue is not a list");
  return answer.map(parseFault);
}

function parseFault(entry: unknown): FaultInfo {
  const record = (entry ?? {}) as Record<string, unknown>;
  for (const field of TEXT_FIELDS) {
    if (typeof record[field] !== 'string') {
      throw couldNotRun(
        `the node's fault catalogue has an entry without '${field}': ${JSON.stringify(entry)}`,
      );
    }
  }
  const fault = record as unknown as FaultInfo;
  if (!isMetricName(fault.metric)) {
    throw couldNotRun(`the node's fault '${fault.id}' names the unknown metric '${fault.metric}'`);
  }
  // Nodes of before 0.2 say nothing of findings.
  return { ...fault, finding: typeof record.finding === 'string' ? record.finding : null };
}
