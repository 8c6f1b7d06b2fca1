import { afterEach, describe, expect, test } from 'vitest';
import { type ChildFinder, listedChildren, searchedChildren } from './children.js';
import { type ScriptProcess, startScript } from './fixtures/children.js';
import { followTree, type ProcessTree, type TreeReading } from './process-tree.js';
import { hasProcfs, openProcSource } from './procfs.js';

let root: ScriptProcess | undefined;
let tree: ProcessTree | undefined;
const orphans: number[] = [];
afterEach(async () => {
  await root?.kill();
  tree?.close();
  root = undefined;
  for (const pid of orphans.splice(0)) process.kill(pid, 'SIGKILL');
});

const IDLE = 'setInterval(() => {}, 1e6);';

async function follow(
  script: string,
  finder?: (pid: number) => ChildFinder,
): Promise<() => Promise<TreeReading>> {
  root = await startScript(script);
  const source = openProcSource(root.pid);
  const followed = followTree(root.pid, finder?.(root.pid));
  tree = {
    read: followed.read,
    close: () => {
      followed.close();
      source.close();
    },
  };
  return async () => {
    const reading = await source.read();
    if (reading === null) throw new Error('the root has gone');
    return followed.read(reading);
  };
}

/** Reads until the tree has so many processes. */
async function readUntil(count: number, read: () => Promise<TreeReading>): Promise<TreeReading> {
  let last = await read();
  for (const end = Date.now() + 5000; last.cells.treeProcesses !== count && Date.now() < end; )
    last = await read();
  expect(last.cells.treeProcesses).toBe(count);
  return last;
}

describe.skipIf(!hasProcfs())('the tree of a process', () => {
  test('alone it is the process itself', async () => {
    const read = await follow(`process.send('up'); ${IDLE}`);
    const alone = { rssBytes: 5e6, fds: 20, threads: 3, cpuMs: 100, childrenCpuMs: 20 };
    await read();
    expect(tree?.read(alone)).toEqual({
      cells: { treeProcesses: 1, treeRssBytes: 5e6, treeFds: 20, treeThreads: 3 },
      cpuMs: 120,
      members: [],
    });
  });

  test.each([
    ['by the lists of the kernel', listedChildren],
    ['by a search of /proc', () => searchedChildren(() => 0)],
  ] as const)('children and grandchildren are found and summed up %s', async (_, finder) => {
    const read = await follow(
      `const { spawn } = require('child_process');
       spawn('sh', ['-c', 'sleep 100 & exec sleep 100']);
       process.send('up'); ${IDLE}`,
      finder,
    );
    const { cells, members } = await readUntil(3, read);
    const total = (of: 'rssBytes' | 'fds' | 'threads'): number =>
      members.reduce((sum, member) => sum + (member[of] ?? Number.NaN), 0);
    expect(cells).toEqual({
      treeProcesses: 3,
      treeRssBytes: total('rssBytes'),
      treeFds: total('fds'),
      treeThreads: total('threads'),
    });
    expect(members.map(({ name }) => name).join(' ')).toMatch(/^node (sh|sleep) (sh|sleep)$/);
    expect(members[0]?.parentPid).toBe(process.pid);
    expect(members.slice(1).every(({ parentPid }) => parentPid !== null)).toBe(true);
    expect(cells.treeRssBytes).toBeGreaterThan(members[0]?.rssBytes ?? Number.NaN);
  });

  test('a child that another thread started is found', async () => {
    const read = await follow(
      `const { Worker } = require('worker_threads');
       new Worker("require('child_process').spawn('sleep', ['100']); setInterval(() => {}, 1e6)", { eval: true });
       process.send('up'); ${IDLE}`,
    );
    await readUntil(2, read);
  });

  test('a descendant whose parent has ended stays one of the tree', async () => {
    const read = await follow(
      `const { spawn } = require('child_process');
       const shell = spawn('sh', ['-c', 'sleep 100 & echo $!; read line; exit'], { stdio: ['pipe', 'pipe', 'inherit'] });
       shell.stdout.once('data', (pid) => process.send(Number(pid)));
       process.send('up');
       process.on('message', () => shell.stdin.end());`,
    );
    const { members } = await readUntil(3, read);
    const sleeper = members.at(-1)?.pid as number;
    orphans.push(sleeper);
    root?.tell('end the shell');
    const after = await readUntil(2, read);
    expect(after.members.map(({ pid }) => pid)).toContain(sleeper);
  });

  test('a zombie counts as a process that holds nothing, and one waited for leaves its CPU behind', async () => {
    const read = await follow(
      `const { spawn } = require('child_process');
       const busy = "while (process.cpuUsage().user < 400_000);";
       process.on('message', () => spawn(process.execPath, ['-e', busy]).once('exit', () => process.send('ended')));
       spawn('sh', ['-c', 'sleep 0.1 & exec sleep 100']);
       process.send('up');`,
    );
    await readUntil(3, read);
    const zombie = async (): Promise<boolean> =>
      // On its way out a process has lost its memory already and is no zombie yet: all three say that it is one.
      (await read()).members.some(
        (member) => member.rssBytes === 0 && member.fds === 0 && member.threads === 0,
      );
    for (const end = Date.now() + 5000; !(await zombie()) && Date.now() < end; );
    const { cells, cpuMs } = await read();
    expect(cells.treeProcesses).toBe(3);
    expect(cells.treeFds).not.toBeNull();
    const ended = root?.said();
    root?.tell('work');
    await ended;
    const after = await readUntil(3, read);
    expect((after.cpuMs ?? 0) - (cpuMs ?? 0)).toBeGreaterThan(200);
  });
});
