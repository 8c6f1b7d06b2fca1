import type { Finding } from '../core/finding.js';
import type { LoadSummary } from '../core/load-counters.js';
import type { Manifest } from '../core/manifest.js';
import type { Recording } from '../core/recording.js';
import { possiblyInFlight } from './load.js';
import { MIN_LOAD_SHARE } from './thresholds.js';

/** What the target did to its clients: a flat curve of a target that answers nothing is not a pass. */
export function serviceFindings(
  manifest: Manifest,
  recording: Recording,
  load: LoadSummary | null,
): Finding[] {
  const findings =
    load === null
      ? []
      : [
          ...missingAnswers(manifest, recording, load),
          ...wrongAnswers(load),
          ...failedOperations(manifest, load),
        ];
  return [...findings, ...failedProbes(manifest)];
}

function missingAnswers(manifest: Manifest, recording: Recording, load: LoadSummary): Finding[] {
  if (manifest.plan.overload) return [];
  // What our own sockets lost was answered: that is the generator's fault, and warned of as such.
  const lost = load.generator?.kernelDrops ?? 0;
  const due = load.offered - possiblyInFlight(manifest, recording, load) - lost;
  if (due <= 0 || load.answered >= MIN_LOAD_SHARE * due) return [];
  const share = ((100 * load.answered) / due).toFixed(1);
  const message = `only ${share} % of ${due} offered operations were answered (${load.timeouts} timed out, ${load.wrong} wrong, ${load.errors} failed); the target must answer ${100 * MIN_LOAD_SHARE} %: read target.log, or lower --rate if it is simply too slow`;
  return [{ id: 'answers-missing', severity: 'error', message }];
}

function wrongAnswers(load: LoadSummary): Finding[] {
  if (load.wrong === 0) return [];
  const message = `${load.wrong} of ${load.answered + load.wrong} answers were wrong (DNS: question, rcode or data; HTTP: a status from 400 to 499): read load.log for the first of them`;
  return [{ id: 'wrong-answers', severity: 'error', message }];
}

function failedOperations({ plan }: Manifest, { errors, offered }: LoadSummary): Finding[] {
  // A server that is asked for more than it can serve may say so (RFC 9110 §15.6.4).
  if (errors === 0 || plan.overload) return [];
  const message = `${errors} of ${offered} operations failed (HTTP: a connection that could not be made or broke, or a status of 500 or more; a script of yours: it threw): read load.log for the first of them`;
  return [{ id: 'failed-operations', severity: 'error', message }];
}

function failedProbes(manifest: Manifest): Finding[] {
  return manifest.probes
    .filter((probe) => !probe.ok)
    .map((probe) => ({
      id: 'probe-failed',
      severity: 'error',
      message: `the correctness probe failed at ${probe.at}: ${probe.message}`,
    }));
}
