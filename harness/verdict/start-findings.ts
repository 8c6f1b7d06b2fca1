import type { Finding } from '../core/finding.js';
import type { Manifest } from '../core/manifest.js';
import { formatDuration } from '../core/units.js';

/** A server that takes longer than this until it serves is late: a supervisor or a deployment waits for it as well. */
const LATE_MS = 2_000;

/** What the target's start was like, where that is worth knowing. */
export function startFindings({ readyAfterMs }: Manifest): Finding[] {
  if (readyAfterMs === null || readyAfterMs < LATE_MS) return [];
  const message = `the target served only ${formatDuration(readyAfterMs)} after its launch (--ready-timeout is how long it may take); load began then, and what it took up before is in no sample`;
  return [{ id: 'target-listened-late', severity: 'info', message }];
}
