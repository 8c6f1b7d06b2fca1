import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { DnsTcpPlan, TcpStormPlan } from '../../harness/load/plan.js';
import { floodOf, runOwn } from './own-driver.js';

const MIB = 2 ** 20;

/** Connect, one question, close: as an honest client closes, and with a reset. */
export async function visits(port: number, seconds: number): Promise<void> {
  for (const close of ['fin', 'rst'] as const) {
    const { io: _io, ...flood } = floodOf({ outstanding: 50 });
    const plan: DnsTcpPlan = { ...flood, kind: 'dns-tcp', mode: 'visit', close };
    const own = await runOwn(plan, { 'dns-tcp': `127.0.0.1:${port}` }, seconds);
    const { answered, timeouts, dropped } = own.summary;
    const perCore = 1e6 / own.cpuMicrosPerQuery;
    console.log(
      `\ntcp visits, closed by ${close}: ${Math.round(own.answeredPerSec)}/s, ${own.cpuMicrosPerQuery.toFixed(1)} us CPU each`,
    );
    console.log(`  ${answered} answered, ${timeouts} timed out, ${dropped} dropped`);
    console.log(`  ${Math.round(perCore)}/s on one core of its own (bar: at least 10 000)`);
  }
}

/** Many connections that say nothing, held against a server of this process. */
export async function idleConnections(count: number): Promise<void> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { zone, seed, upstream } = floodOf({});
  const plan: TcpStormPlan = {
    kind: 'tcp-storm',
    ratePerSec: count / 2,
    modes: { silent: 1 },
    maxConnections: count,
    holdMs: 600_000,
    timeoutMs: 5000,
    zone,
    seed,
    upstream,
  };
  const running = runOwn(plan, { tcp: `127.0.0.1:${port}` }, 6);
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, open.size);
  }, 100);
  const { rssBytes } = await running;
  clearInterval(watch);
  server.close();
  console.log(
    `\n${most} idle connections held: ${(rssBytes[1] / MIB).toFixed(1)} MiB in the driver (bar: ${count} below 150 MB)`,
  );
}
