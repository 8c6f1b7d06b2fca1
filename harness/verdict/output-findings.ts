import type { Finding } from '../core/finding.js';
import type { Manifest } from '../core/manifest.js';
import { formatBytes } from '../core/units.js';

/** What the target did with its output that a reader of `target.log` should know. */
export function outputFindings({ targetExit }: Manifest): Finding[] {
  const output = targetExit?.output ?? null;
  if (output === null) return [];
  const findings: Finding[] = [];
  if (output.cut) {
    const message = `the target wrote ${formatBytes(output.bytes)} of output; target.log.1 and target.log hold the end of it`;
    findings.push({ id: 'target-log-cut', severity: 'info', message });
  }
  if (output.closedEarly && targetExit?.expected === true) {
    const message = 'the target closed stdout and stderr during the run: target.log ends there';
    findings.push({ id: 'target-output-closed', severity: 'info', message });
  }
  return findings;
}
