import { connect } from 'node:net';
import { probeDnsTcp } from '../dns/dns-tcp-probe.js';
import { probeQuestions } from '../dns/probe-question.js';
import type { ProbeOutcome } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import type { TcpStormPlan } from '../plan.js';

/** Probes the target of a storm as its plan says: whether it accepts a connection, or answers DNS over one. */
export async function probeTcp(
  plan: TcpStormPlan,
  target: LoopbackAddress,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  if (plan.probe === 'dns') {
    const question = probeQuestions({ ...plan, acceptedRcodes: ['NOERROR'] })();
    return probeDnsTcp(target, question, timeoutMs);
  }
  const socket = connect({ host: target.host, port: target.port, autoSelectFamily: false });
  try {
    return await new Promise<ProbeOutcome>((resolve) => {
      socket.setTimeout(timeoutMs, () =>
        resolve({ ok: false, message: `${target.text} accepted no connection within ${timeoutMs} ms` }),
      );
      socket.on('connect', () => resolve({ ok: true, message: `${target.text} accepted a connection` }));
      socket.on('error', (error) => resolve({ ok: false, message: `${target.text}: ${error.message}` }));
    });
  } finally {
    socket.destroy();
  }
}
