import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findOwnCgroup, openCgroupProbe } from './cgroup.js';
import { UNREAD_CGROUP } from './unread-cells.js';

/** `memory.stat` as Linux 6.x prints it, up to the lines that matter and some that must not be taken for them. */
const STAT = `anon 104857600
file 52428800
kernel 8388608
kernel_stack 196608
pagetables 1048576
sec_pagetables 0
percpu 960
sock 65536
vmalloc 0
shmem 4096
file_mapped 20480
file_dirty 0
file_writeback 0
anon_thp 2097152
inactive_anon 104800000
slab_reclaimable 3145728
workingset_refault_anon 0
pgfault 103216
`;
const EVENTS = 'low 0\nhigh 12\nmax 3\noom 1\noom_kill 1\noom_group_kill 0\n';
const PRESSURE = `some avg10=1.53 avg60=0.40 avg300=0.09 total=123456
full avg10=0.10 avg60=0.02 avg300=0.00 total=2345
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'leak-soak-cgroup-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** A /proc with the rig, the target (4242) and the mounts, over a hierarchy with one group. */
function system(target: string, rig = '0::/user.slice/session-1.scope\n', type = 'cgroup2'): string | null {
  write('group/system.slice/target.service/memory.current', '167000000\n');
  write('proc/4242/cgroup', target);
  write('proc/self/cgroup', rig);
  write(
    'proc/self/mountinfo',
    `22 1 0:21 / /proc rw,nosuid - proc proc rw
30 22 0:26 / ${join(root, 'group')} rw,nosuid shared:4 - ${type} cgroup2 rw,nsdelegate
`,
  );
  return findOwnCgroup(4242, join(root, 'proc'));
}

test('a target in a service of its own has its group', () => {
  expect(system('0::/system.slice/target.service\n')).toBe(join(root, 'group/system.slice/target.service'));
});

test.each([
  ['the root group', '0::/\n', undefined],
  ["the rig's group", '0::/system.slice/target.service\n', '0::/system.slice/target.service\n'],
  ["a group that the rig's lies in", '0::/system.slice\n', '0::/system.slice/target.service\n'],
  ['a group without a memory controller', '0::/system.slice\n', undefined],
  ['cgroup v1', '4:memory:/system.slice/target.service\n', undefined],
])('a target in %s has none of its own', (_, target, rig) => {
  expect(system(target, rig)).toBeNull();
});

test('there is none where the unified hierarchy is not mounted, or the process has gone', () => {
  expect(system('0::/system.slice/target.service\n', undefined, 'cgroup')).toBeNull();
  expect(findOwnCgroup(1, join(root, 'proc'))).toBeNull();
});

test('a recorded group is read file by file', () => {
  write('g/memory.current', '167000000\n');
  write('g/memory.stat', STAT);
  write('g/memory.events', EVENTS);
  write('g/memory.pressure', PRESSURE);
  const probe = openCgroupProbe(join(root, 'g'));
  expect(probe.read()).toEqual({
    cgroupCurrentBytes: 167_000_000,
    cgroupAnonBytes: 104_857_600,
    cgroupFileBytes: 52_428_800,
    cgroupKernelBytes: 8_388_608,
    cgroupSockBytes: 65_536,
    cgroupHighEvents: 12,
    cgroupMaxEvents: 3,
    cgroupOomKills: 1,
    cgroupPressurePercent: 1.53,
  });
  probe.close();
});

test('files and lines that a kernel does not have are unread', () => {
  write('g/memory.current', '4096\n');
  write('g/memory.stat', 'anon 1024\nkernel_stack 5\n');
  const probe = openCgroupProbe(join(root, 'g'));
  expect(probe.read()).toEqual({ ...UNREAD_CGROUP, cgroupCurrentBytes: 4096, cgroupAnonBytes: 1024 });
  probe.close();
});
