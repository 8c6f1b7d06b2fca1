import { mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../../core/free-port.js';
import type { Manifest } from '../../core/manifest.js';
import { listeningInodes } from '../../process/port-owner.js';
import { cli, processesOf, readSamples, temporaryFolder } from '../fixtures/cli.js';
import { EIGHT_SECONDS, soak, type TroubledRun, troubled } from '../fixtures/troubled.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Exit codes of a run that came to its end and found no fault: eight seconds cannot always tell. */
const FAULTLESS: readonly (number | null)[] = [0, 2];

async function run(trouble: string, ...flags: readonly string[]): Promise<TroubledRun> {
  const port = await freePort();
  return soak(join(folder.path, trouble), troubled(trouble, port), port, ...flags);
}

/** As `run`, with the command that a shell is given. */
async function runInShell(name: string, script: (port: number) => string): Promise<TroubledRun> {
  const port = await freePort();
  return soak(join(folder.path, name), `sh -c '${script(port)}'`, port);
}

describe.concurrent('a target that ends by itself', () => {
  test('in mid-run is exit 3, with its code and last words', async () => {
    const { status, verdict, left } = await run('exits');
    expect(status).toBe(3);
    expect(verdict.findings).toMatchObject([{ id: 'target-died' }]);
    expect(verdict.findings[0]?.message).toMatch(/exit code 5; its last lines .*\n {2}no space left for the/);
    expect(left).toEqual([]);
  });

  test.each([
    ['is-killed', 'SIGKILL'],
    ['aborts', 'SIGABRT'],
  ])('%s by a signal is exit 3 and says which', async (trouble, signal) => {
    const { status, verdict, left } = await run(trouble);
    expect(status).toBe(3);
    expect(verdict.findings).toMatchObject([{ id: 'target-died' }]);
    expect(verdict.findings[0]?.message).toContain(`ended by ${signal}`);
    expect(verdict.findings[0]?.message).not.toMatch(/OOM/);
    expect(left).toEqual([]);
  });

  test('behind a parent that never waits for it is called a zombie', async () => {
    const { status, verdict, left } = await runInShell(
      'zombie',
      (port) => `${troubled('exits', port)} & exec sleep 300`,
    );
    expect(status).toBe(3);
    expect(verdict.findings).toMatchObject([{ id: 'target-died' }]);
    expect(verdict.findings[0]?.message).toMatch(/exit code 5, left a zombie/);
    expect(left).toEqual([]);
  });

  test('and is started again by its supervisor is exit 3: a restart hides growth', async () => {
    const { status, verdict, left } = await run('restarts-server');
    expect(status).toBe(3);
    expect(verdict.findings).toContainEqual(expect.objectContaining({ id: 'target-restarted' }));
    expect(verdict.findings[0]?.message).toMatch(/process \d+ was started in its place/);
    expect(left).toEqual([]);
  });

  test('at the limit of its heap died of growth: exit 1', async () => {
    const port = await freePort();
    const command = troubled('grows-heap', port).replace(' ', ' --max-old-space-size=40 ');
    const { status, verdict, left } = await soak(join(folder.path, 'heap-limit'), command, port);
    expect(status).toBe(1);
    expect(verdict.findings[0]).toMatchObject({ id: 'died-of-growth' });
    expect(verdict.findings[0]?.message).toMatch(/live-heap grew from .*JavaScript heap out of memory/);
    expect(left).toEqual([]);
  });
});

describe.concurrent('a target that goes on', () => {
  test('but is stopped and answers no more is exit 1', async () => {
    const { status, said, left } = await runInShell(
      'stopped',
      (port) => `${troubled('serves', port)} & sleep 2.5; kill -s STOP $!; wait`,
    );
    expect(status).toBe(1);
    expect(said).toEqual(expect.arrayContaining(['answers-missing', 'probe-failed']));
    expect(left).toEqual([]);
  });

  test('but accepts and never answers is exit 1', async () => {
    const { status, said, left } = await run('falls-silent');
    expect(status).toBe(1);
    expect(said).toEqual(expect.arrayContaining(['answers-missing', 'probe-failed']));
    expect(left).toEqual([]);
  });

  test('while a worker crashes and is started again is no pass', async () => {
    const { status, verdict, left } = await run('restarts-worker');
    expect(status).toBe(2);
    const warning = verdict.warnings.find(({ id }) => id === 'target-restarted');
    expect(warning?.message).toMatch(/^a worker process of the target ended and another was started/);
    expect(left).toEqual([]);
  });

  test('after it closed stdout and stderr is judged as any other', async () => {
    const { status, said, left } = await runInShell(
      'closed-output',
      (port) => `${troubled('serves', port)} >/dev/null 2>&1 & sleep 2.5; exec >&- 2>&-; wait`,
    );
    expect(said).toContain('target-output-closed');
    expect(FAULTLESS).toContain(status);
    expect(left).toEqual([]);
  });

  test('after it ignored SIGTERM is killed, and the run says so', async () => {
    const { status, said, left, manifest } = await run('ignores-sigterm');
    expect(said).toContain('target-ignored-sigterm');
    expect(manifest.targetExit).toMatchObject({ killed: true, signal: 'SIGKILL' });
    expect(FAULTLESS).toContain(status);
    expect(left).toEqual([]);
  });
});

describe('a target that writes 200 MB of log', () => {
  test('fills no more than the cap, and loses neither rows nor answers', async () => {
    const { status, said, manifest, left } = await run('logs-much');
    expect(FAULTLESS).toContain(status);
    expect(said).toContain('target-log-cut');
    expect(manifest.targetExit?.output).toMatchObject({ cut: true, closedEarly: false });
    expect(manifest.targetExit?.output?.bytes).toBe(200_000_000);
    const out = join(folder.path, 'logs-much');
    const onDisk = ['target.log', 'target.log.1'].map((name) => statSync(join(out, name)).size);
    expect(Math.max(...onDisk)).toBeLessThanOrEqual(16 * 2 ** 20);
    expect(readSamples(out).length).toBeGreaterThan(70);
    expect(manifest.load?.answered).toBe(manifest.load?.offered);
    expect(left).toEqual([]);
  });
});

describe.concurrent('a target that starts in its own way', () => {
  test('and listens after five seconds is waited for, and the run says so', async () => {
    const port = await freePort();
    const command = troubled('listens-late', port, 5_000);
    const { status, verdict, manifest, left } = await soak(join(folder.path, 'late'), command, port);
    expect(FAULTLESS).toContain(status);
    expect(verdict.findings).toMatchObject([{ id: 'target-listened-late', severity: 'info' }]);
    expect(manifest.readyAfterMs).toBeGreaterThan(5_000);
    expect(manifest.load?.wrong).toBe(0);
    expect(left).toEqual([]);
  });

  test('and listens only after its time is up is exit 3, and not left there', async () => {
    const port = await freePort();
    const command = troubled('listens-late', port, 60_000);
    const out = join(folder.path, 'too-late');
    const { status, verdict, left } = await soak(out, command, port, '--ready-timeout', '2s');
    expect(status).toBe(3);
    expect(verdict.findings).toMatchObject([{ id: 'could-not-run' }]);
    expect(verdict.findings[0]?.message).toMatch(
      /not ready after 2 s \(--ready-timeout\): nothing listens on/,
    );
    expect(left).toEqual([]);
  });

  test('and listens only when its load is on already is exit 3, with what to name', async () => {
    const port = await freePort();
    const out = join(folder.path, 'load-first');
    const load = `curl -sf -o ${join(folder.path, 'answer')} http://127.0.0.1:${port}/`;
    const command = troubled('listens-late', port, 60_000);
    const late = await cli([
      'run',
      '--command',
      command,
      '--load-command',
      load,
      '--out',
      out,
      ...EIGHT_SECONDS,
    ]);
    expect(late.status).toBe(3);
    expect(late.stdout).toMatch(/load began right after its launch: name its address.*\[readiness-unknown\]/);
    expect(late.stdout).toMatch(
      /load command ended with exit code 7.*nothing waited for it, name its address/,
    );
    const { runId } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as Manifest;
    expect(processesOf(runId)).toEqual([]);
  });

  test.each(['daemonises', 'listens-then-daemonises', 'daemonises-slowly'])(
    'and goes to the background (%s) is told to stay in the foreground, and not left there',
    async (trouble) => {
      const port = await freePort();
      const { status, verdict, left } = await soak(join(folder.path, trouble), troubled(trouble, port), port);
      expect(status).toBe(3);
      expect(verdict.findings[0]?.message).toMatch(
        /exited with code 0 before it was ready and serves on in the background: keep it in the foreground/,
      );
      expect(left).toEqual([]);
      expect(listeningInodes([port]).size).toBe(0);
    },
  );
});

/** A group with a memory limit of 120 MiB; null where this user may make none. */
function limitedGroup(): string | null {
  const group = `/sys/fs/cgroup/memory/leak-soak-test-${process.pid}`;
  try {
    mkdirSync(group);
    writeFileSync(join(group, 'memory.limit_in_bytes'), String(120 * 2 ** 20));
    return group;
  } catch {
    return null;
  }
}

const group = limitedGroup();
afterAll(() => {
  if (group !== null) rmdirSync(group);
});

test.skipIf(group === null)(
  'a target that the kernel kills for its memory died of growth: exit 1',
  async () => {
    const { status, verdict, manifest, left } = await runInShell(
      'oom',
      (port) => `echo $$ > ${group}/cgroup.procs && exec ${troubled('grows-native', port)}`,
    );
    expect(status).toBe(1);
    expect(manifest.targetExit).toMatchObject({ signal: 'SIGKILL', oomKill: true, expected: false });
    expect(verdict.findings[0]).toMatchObject({ id: 'died-of-growth' });
    expect(verdict.findings[0]?.message).toMatch(/rss grew from .*OOM killer struck meanwhile: see dmesg/);
    expect(left).toEqual([]);
  },
);
