import { fileURLToPath } from 'node:url';
import { freePort } from '../../../core/free-port.js';
import { type Rung, type RungResult, rungName } from '../../../core/rung.js';
import { judgeRung } from '../../../verdict/judge-rung.js';
import { runApart } from '../run-apart.js';
import { RUNG_TIMES } from './rungs.js';

const SERVER = fileURLToPath(new URL('./server.js', import.meta.url));

/** Requests per second: a server at work, not at its limit. */
const RATE_PER_SEC = 50;

/** Runs a rung in a process of its own, with no budget but the default ones; throws what `runApart` does. */
export async function runRung(rung: Rung, folder: string, signal: AbortSignal): Promise<RungResult> {
  const { leak, floorPerMin, share } = rung;
  const { durationMs, warmUpMs, drainMs } = RUNG_TIMES;
  const beganMs = performance.now();
  const port = await freePort();
  const words = [process.execPath, SERVER, leak, String(port), String(share * floorPerMin)];
  const flags = [
    ...['--command', words.map((word) => `'${word}'`).join(' ')],
    ...['--http', `http://127.0.0.1:${port}/`, '--rate', String(RATE_PER_SEC)],
    ...['--duration', `${durationMs}ms`, '--warm-up', `${warmUpMs}ms`, '--drain', `${drainMs}ms`],
    // Only what must be found is worth more time than was planned.
    ...['--cycles', '1', '--fail-fast', ...(share > 1 ? [] : ['--max-duration', `${durationMs}ms`])],
  ];
  const verdict = await runApart({ name: rungName(rung), flags, folder }, signal);
  const tookMs = performance.now() - beganMs;
  return { rung, outcome: verdict.verdict, ...judgeRung(rung, verdict), tookMs, folder };
}
