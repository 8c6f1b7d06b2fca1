import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../../core/free-port.js';
import type { Manifest } from '../../core/manifest.js';
import { createZoneResponder } from '../../load/dns/zone-responder.js';
import { type DohServer, serveDoh } from '../../load/fixtures/doh-server.js';
import { BRIEF, type CliResult, cli, read, readSamples, temporaryFolder } from '../fixtures/cli.js';

const SERVE = fileURLToPath(new URL('../../../dist/scripts/servers/serve.js', import.meta.url));

const folder = temporaryFolder();
const servers: DohServer[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  folder.remove();
});

const manifestOf = (out: string): Manifest => read<Manifest>(out, 'run.json');

describe('a closed loop over HTTP', () => {
  test('keeps no rate, loses nothing, and is off in the drain', async () => {
    const [out, port] = [join(folder.path, 'closed'), await freePort()];
    const command = `"${process.execPath}" "${SERVE}" clean ${port} 1000`;
    const flags = ['--http', `http://127.0.0.1:${port}/`, '--outstanding', '4', '--out', out];
    const { stdout, stderr } = await cli(['run', '--command', command, ...flags, ...BRIEF]);
    expect(stderr).toMatch(/with 4 in flight/);
    expect(stdout).toMatch(/repeat: leak-soak run --scenario http .* --outstanding 4 /);
    const { load, plan, state } = manifestOf(out);
    expect(state).toBe('finished');
    expect(plan.outstanding).toBe(4);
    // Far above the scenario's rate of 200/s, on however slow a machine.
    expect(load?.answered).toBeGreaterThan(1500);
    expect(load).toMatchObject({ wrong: 0, errors: 0, timeouts: 0, dropped: 0, answered: load?.offered });
    expect(load?.generator).toMatchObject({ io: 'autocannon', scheduleErrorP99Ms: null });
    const drained = readSamples(out).filter(({ phase }) => phase === 'settle');
    expect(new Set(drained.map(({ offered }) => offered)).size).toBe(1);
  });
});

describe('DNS over HTTPS by --doh URL', () => {
  const honest = createZoneResponder({ zones: ['leak-soak.test'], ttlSec: 60 });

  async function run(http: '1.1' | '2', ...more: string[]): Promise<CliResult & { out: string }> {
    const server = await serveDoh({ http, tls: true }, (query, respond) => {
      respond(Buffer.from(honest(query)?.message ?? Buffer.alloc(0)));
    });
    servers.push(server);
    const out = join(folder.path, `doh-${servers.length}`);
    // This process serves; what it grows by is not the question here.
    const target = ['--pid', String(process.pid), '--doh', server.url, '--http-version', http];
    const result = await cli(['run', '--scenario', 'doh-flood', ...target, ...BRIEF, ...more, '--out', out]);
    return { ...result, out };
  }

  test.each(['1.1', '2'] as const)('over HTTP/%s, in an open and a closed loop', async (http) => {
    const open = await run(http, '--insecure', '--rate', '300');
    const { load } = manifestOf(open.out);
    expect(load?.answered).toBeGreaterThan(800);
    expect(load).toMatchObject({ wrong: 0, timeouts: 0, answered: load?.offered });
    expect(load?.generator?.io).toBe(`http/${http}`);
    const closed = await run(http, '--insecure', '--outstanding', '8');
    const flood = manifestOf(closed.out).load;
    expect(flood?.answered).toBeGreaterThan(1000);
    expect(flood).toMatchObject({ wrong: 0, timeouts: 0, answered: flood?.offered });
  });

  test('a self-signed certificate without --insecure is exit 3 and names the flag', async () => {
    const { status, stdout } = await run('2');
    expect(status).toBe(3);
    expect(stdout).toMatch(/up but does not serve: https:.*self-signed certificate; --insecure accepts/);
  });
});
