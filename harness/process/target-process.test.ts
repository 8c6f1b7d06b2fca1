import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive, within } from '../core/fixtures/alive.js';
import { type CappedLog, openCappedLog } from './capped-log.js';
import { parseReadyLine, waitUntilReady } from './ready.js';
import { launchTarget, type TargetProcess } from './target-process.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leak-soak-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const NEVER = new AbortController().signal;
let logs = 0;

async function launch(script: string): Promise<{ target: TargetProcess; log: CappedLog }> {
  const log = openCappedLog(join(folder, `target-${logs++}.log`));
  const command: [string, ...string[]] = [process.execPath, '-e', script];
  return { log, target: await launchTarget({ command, cwd: folder, env: process.env, log }) };
}

const READY = `console.log('starting'); console.log(JSON.stringify({ready: true, version: '9', addresses: {dns: '127.0.0.1:53'}}));`;

describe('a target', () => {
  test('is ready when it says so, after whatever else it prints', async () => {
    const { target, log } = await launch(`${READY} setInterval(() => {}, 1000)`);
    const ready = await waitUntilReady(target, log.tail, 5000, NEVER);
    expect(ready).toEqual({ version: '9', addresses: { dns: '127.0.0.1:53' } });
    expect(await target.stop(3000)).toEqual({ killed: false });
    expect(await target.exited).toMatchObject({ code: null, signal: 'SIGTERM' });
  });

  test('that ends before it is ready is reported with its last words', async () => {
    const { target, log } = await launch(`console.error('port 53 is in use'); process.exit(3)`);
    await expect(waitUntilReady(target, log.tail, 5000, NEVER)).rejects.toThrow(
      /exited with code 3 before it was ready.*\n {2}port 53 is in use/,
    );
    await target.stop(1000);
  });

  test('that never says it is ready runs into the timeout', async () => {
    const { target, log } = await launch('setInterval(() => {}, 1000)');
    await expect(waitUntilReady(target, log.tail, 300, NEVER)).rejects.toThrow(/no ready line within 0.3 s/);
    await target.stop(1000);
  });

  test('that ignores SIGTERM is killed after the grace', async () => {
    const stubborn = fileURLToPath(new URL('./fixtures/stubborn.mjs', import.meta.url));
    const log = openCappedLog(join(folder, 'stubborn.log'));
    const target = await launchTarget({
      command: [process.execPath, stubborn, 'parent'],
      cwd: folder,
      env: process.env,
      log,
    });
    const ready = await waitUntilReady(target, log.tail, 5000, NEVER);
    expect(await target.stop(200)).toEqual({ killed: true });
    expect(await within(1000, () => !isAlive(target.pid))).toBe(true);
    process.kill(Number(ready.addresses.escaped), 'SIGKILL');
  });

  test('stopping it twice, or after its own end, is no error', async () => {
    const { target } = await launch('0');
    await target.exited;
    expect(await target.stop(100)).toEqual({ killed: false });
    expect(await target.stop(100)).toEqual({ killed: false });
  });

  test('that cannot be executed is named', async () => {
    const log = openCappedLog(join(folder, 'none.log'));
    await expect(launchTarget({ command: ['/no/such/program'], cwd: folder, env: {}, log })).rejects.toThrow(
      /cannot start the target '\/no\/such\/program'/,
    );
  });
});

test.each(['', 'ready', '{"ready":false}', '{"ready":tru', '[1]', 'null', '{"addresses":{}}'])(
  'the line %j is no ready line',
  (line) => expect(parseReadyLine(line)).toBeNull(),
);

describe('a capped log', () => {
  test('rotates at its cap and never holds more than two files', () => {
    const path = join(folder, 'capped.log');
    const log = openCappedLog(path, 100);
    for (let i = 0; i < 50; i++) log.write(Buffer.from(`line ${i} ${'x'.repeat(20)}\n`));
    log.close();
    expect(readFileSync(path).length).toBeLessThanOrEqual(100);
    expect(readFileSync(`${path}.1`).length).toBeLessThanOrEqual(100);
    expect(readFileSync(path, 'utf8')).toContain('line 49');
  });

  test('keeps the last lines at hand, unfinished ones too, and cuts endless ones', () => {
    const log = openCappedLog(join(folder, 'tail.log'));
    log.write(Buffer.from('one\n\ntw'));
    log.write(Buffer.from('o\nthree'));
    expect(log.tail()).toEqual(['one', 'two', 'three']);
    log.write(Buffer.from('y'.repeat(100_000)));
    expect(log.tail().every((line) => line.length <= 400)).toBe(true);
    log.close();
  });
});
