import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { isAlive, within } from '../core/fixtures/alive.js';
import { openCommandLoad } from './command-load.js';
import type { LoadDriver, PossibleTick } from './load-driver.js';

const folder = mkdtempSync(join(tmpdir(), 'leak-soak-test-'));
const drivers: LoadDriver<PossibleTick>[] = [];
const lines: string[] = [];
const failures: string[] = [];
let files = 0;

afterEach(() => {
  for (const driver of drivers.splice(0)) driver.close();
  lines.length = 0;
  failures.length = 0;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A load that is a shell script; `$OUT` is a file of its own. */
function load(
  script: string,
  addresses: Readonly<Record<string, string>> = {},
): { driver: LoadDriver<PossibleTick>; out: () => string } {
  const path = join(folder, `out-${files++}`);
  const driver = openCommandLoad(
    {
      kind: 'command',
      command: ['sh', '-c', script.replaceAll('$OUT', path)],
      ratePerSec: 5,
      seed: 3,
      timeoutMs: 1000,
    },
    addresses,
    { log: (line) => lines.push(line), fail: (error) => failures.push(error.message) },
  );
  drivers.push(driver);
  return { driver, out: () => (existsSync(path) ? readFileSync(path, 'utf8') : '') };
}

test('it is started with each stretch of load, told of the run, and ended with SIGINT', async () => {
  const { driver, out } = load(
    'trap "echo stopped >> $OUT; exit 130" INT; echo $LEAK_SOAK_CYCLE $LEAK_SOAK_RATE $LEAK_SOAK_SEED $LEAK_SOAK_HTTP >> $OUT; while :; do sleep 0.05; done',
    { http: 'http://127.0.0.1:8080/' },
  );
  driver.start();
  expect(await within(2000, () => out().includes('8080'))).toBe(true);
  expect(await driver.stop()).toEqual({ counters: null, latencyMs: { p50: null, p99: null } });
  driver.start();
  expect(await within(2000, () => out().split('\n').length > 3)).toBe(true);
  await driver.stop();
  expect(out()).toBe('1 5 3 http://127.0.0.1:8080/\nstopped\n2 5 3 http://127.0.0.1:8080/\nstopped\n');
  expect(lines[0]).toMatch(/ended with exit code 130 after \d/);
  expect(failures).toEqual([]);
});

test('behind a wrapper it ends with the wrapper, by SIGINT or, where it ignores that, without being asked', async () => {
  const behind = (trap: string): string =>
    `sh -c '${trap}; echo $$ > $OUT; while :; do sleep 0.05; done'; true`;
  const { driver, out } = load(behind('trap "echo told >> $OUT; exit" INT'));
  driver.start();
  expect(await within(2000, () => out() !== '')).toBe(true);
  await driver.stop();
  expect(out()).toMatch(/^\d+\ntold\n$/);

  const stubborn = load(behind('trap "" INT TERM'));
  stubborn.driver.start();
  expect(await within(2000, () => stubborn.out() !== '')).toBe(true);
  await stubborn.driver.stop();
  const pid = Number.parseInt(stubborn.out(), 10);
  expect(await within(2000, () => !isAlive(pid))).toBe(true);
  expect(lines.at(-1)).toMatch(/left processes behind, which were killed/);
});

test('it is started again when its work is done while load is on', async () => {
  const { driver, out } = load('echo round >> $OUT; sleep 0.6');
  driver.start();
  expect(await within(4000, () => out().split('\n').length > 2)).toBe(true);
  await driver.stop();
  expect(failures).toEqual([]);
});

test('an exit code of its own accord fails the load, and so does ending at once over and over', async () => {
  load('exit 99', { tcp: '127.0.0.1:7' }).driver.start();
  expect(await within(2000, () => failures.length > 0)).toBe(true);
  expect(failures).toEqual(['the load command ended with exit code 99; load.log has its output']);
  const { driver, out } = load('echo round >> $OUT');
  driver.start();
  expect(await within(2000, () => failures.length > 1)).toBe(true);
  expect(failures[1]).toMatch(/ended at once 3 times/);
  expect(out()).toBe('round\nround\nround\n');
});

test('one that fails where no address was named says that nothing waited for the target', async () => {
  load('exit 7').driver.start();
  expect(await within(2000, () => failures.length > 0)).toBe(true);
  expect(failures[0]).toMatch(/exit code 7; .*if the target did not listen yet: .*name its address/);
});

test('a program that is not there is named', async () => {
  const driver = openCommandLoad(
    { kind: 'command', command: ['/no/such/tool'], ratePerSec: 1, seed: 1, timeoutMs: 1000 },
    {},
    { log: () => undefined, fail: (error) => failures.push(error.message) },
  );
  driver.start();
  expect(await within(2000, () => failures.length > 0)).toBe(true);
  expect(failures[0]).toMatch(/cannot start the load command '\/no\/such\/tool': .*ENOENT/);
  await driver.stop();
});

test('the probe asks for a connection, where there is an address to ask', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const { driver } = load('true', { dns: '127.0.0.1:53', tcp: `127.0.0.1:${port}` });
  expect(await driver.probe(1000)).toEqual({ ok: true, message: `127.0.0.1:${port} accepted a connection` });
  await new Promise((resolve) => server.close(resolve));
  expect((await driver.probe(1000)).ok).toBe(false);
  expect(await load('true').driver.probe(1000)).toMatchObject({ ok: true });
});
