import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HarnessError } from '../core/errors.js';
import { findGroupWay, type GroupWay, groupCommand } from './memory-group.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'leak-soak-group-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The files of a systemd user session on cgroup v2, as Debian 12 has them, with the rig in `group`. */
function find(
  group: string,
  controllers: string,
  {
    type = 'cgroup2',
    systemdRun = () => false,
  }: { type?: string; systemdRun?: (flags: readonly string[]) => boolean } = {},
): GroupWay | string {
  const slice = 'v2/user.slice/user-1000.slice/user@1000.service/app.slice';
  write('v2/cgroup.controllers', `${controllers}\n`);
  write(`${slice}/cgroup.subtree_control`, `${controllers}\n`);
  write(`${slice}/cgroup.procs`, '');
  write('proc/self/cgroup', `0::${group}\n`);
  write('proc/self/mountinfo', `30 22 0:26 / ${join(root, 'v2')} rw - ${type} cgroup2 rw,nsdelegate\n`);
  try {
    return findGroupWay('--memory-max', join(root, 'proc'), systemdRun);
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'usage') return error.message;
    throw error;
  }
}

const DELEGATED = '/user.slice/user-1000.slice/user@1000.service/app.slice/run-u1.scope';

test('beside a delegated group a new one can be made', () => {
  const parent = join(root, 'v2', dirname(DELEGATED));
  expect(find(DELEGATED, 'cpu memory pids')).toEqual({ kind: 'folder', parent });
});

test('elsewhere systemd-run makes one, of the user before that of the system', () => {
  const any = find('/user.slice/session-1.scope', 'memory', { systemdRun: () => true });
  expect(any).toEqual({ kind: 'systemd-run', flags: ['--user', '--scope'] });
  const ofRoot = find('/', 'memory', { systemdRun: (flags) => !flags.includes('--user') });
  expect(ofRoot).toEqual({ kind: 'systemd-run', flags: ['--scope'] });
});

test.each([
  [DELEGATED, 'cpu pids', 'cgroup2', /memory controller is not switched on below .*app\.slice/],
  ['/', 'cpu pids', 'cgroup2', /memory controller of this machine is not in cgroup v2/],
  ['/', 'cpu memory', 'cgroup2', /root of its hierarchy/],
  [DELEGATED, 'memory', 'cgroup', /cgroup v2 is not mounted/],
])('without a way it says why: in %s with %s on %s', (group, controllers, type, why) => {
  const message = find(group, controllers, { type });
  expect(message).toMatch(/^--memory-max needs a control group of its own/);
  expect(message).toMatch(why);
});

test('a command enters its group before it begins, with its words intact, and the limits are set', async () => {
  const way: GroupWay = { kind: 'folder', parent: root };
  const limits = { high: null, max: 64 * 2 ** 20 };
  const grouped = groupCommand(way, limits, 'leak-soak-1', ['printf', '%s|', 'two words', "it's"]);
  const folder = join(root, 'leak-soak-1');
  const [file, ...args] = grouped.command;
  expect(execFileSync(file, args, { encoding: 'utf8' })).toBe("two words|it's|");
  expect(readFileSync(join(folder, 'cgroup.procs'), 'utf8')).toMatch(/^\d+\n$/);
  expect(readFileSync(join(folder, 'memory.max'), 'utf8')).toBe('67108864');
  expect(existsSync(join(folder, 'memory.high'))).toBe(false);
});

test('a group is taken away at the end', async () => {
  const way: GroupWay = { kind: 'folder', parent: root };
  const grouped = groupCommand(way, { high: null, max: null }, 'leak-soak-2', ['true']);
  expect(existsSync(join(root, 'leak-soak-2'))).toBe(true);
  await grouped.remove();
  expect(existsSync(join(root, 'leak-soak-2'))).toBe(false);
});

test('systemd-run is given the limits and the words', () => {
  const way: GroupWay = { kind: 'systemd-run', flags: ['--user', '--scope'] };
  const { command } = groupCommand(way, { high: 1024, max: 2048 }, 'leak-soak-3', [
    'nginx',
    '-g',
    'daemon off;',
  ]);
  expect(command.join(' ')).toMatch(
    /^systemd-run --user --scope .*--unit=leak-soak-3 -p MemoryHigh=1024 -p MemoryMax=2048 -- nginx -g daemon off;$/,
  );
});
