import type { ProbeOutcome } from '../load-driver.js';
import type { HttpFloodPlan } from '../plan.js';
import { createHttpClient } from './http-client.js';
import { describeOutcome, type HttpOutcome, judgeOutcome } from './http-outcome.js';
import type { HttpTarget } from './http-target.js';

/** One request over a connection of its own. */
export async function probeHttp(
  { request, insecure = false }: HttpFloodPlan,
  target: HttpTarget,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const client = createHttpClient(target, request, { connections: 1, insecure });
  let timer: NodeJS.Timeout | undefined;
  try {
    const outcome = await new Promise<HttpOutcome>((resolve) => {
      timer = setTimeout(() => resolve({ error: `no answer within ${timeoutMs} ms` }), timeoutMs);
      client.send(0, resolve);
    });
    const message = `${request.method} ${target.text}: ${describeOutcome(outcome)}`;
    return { ok: judgeOutcome(outcome) === 'answered', message };
  } finally {
    clearTimeout(timer);
    client.close();
  }
}
