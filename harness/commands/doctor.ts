import { execFileSync } from 'node:child_process';
import { cpus, freemem, platform, release, totalmem } from 'node:os';
import type { Command } from 'commander';
import { createColours } from '../../reports/colours.js';
import { formatDoctor } from '../../reports/doctor.js';
import type { Check } from '../core/check.js';
import { formatBytes } from '../core/units.js';
import { fdCountIsCheap } from '../sampling/fd-count.js';
import { hasProcfs } from '../sampling/procfs.js';
import type { CommandContext } from './context.js';
import { type CommandOutcome, DONE } from './outcome.js';

/** Descriptors below which a connection storm would run out; the usual default of a login shell. */
const ENOUGH_DESCRIPTORS = 1024;

/** Free memory below which a leaking target may hurt the machine before it is stopped. */
const ENOUGH_MEMORY_BYTES = 512 * 1024 * 1024;

/** `leak-soak doctor`: what this machine can and cannot measure. */
export function addDoctorCommand(
  program: Command,
  context: CommandContext,
  done: (outcome: CommandOutcome) => void,
): void {
  program
    .command('doctor')
    .description('show what this machine can and cannot measure')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) => {
      const checks = examine();
      context.stdout.write(
        options.json === true
          ? `${JSON.stringify(checks, null, 2)}\n`
          : formatDoctor(checks, createColours(context.colour.stdout)),
      );
      done(checks.some((check) => check.state === 'refused') ? { ...DONE, exitCode: 3 } : DONE);
    });
}

function examine(): readonly Check[] {
  return [checkNode(), checkSystem(), checkProcfs(), checkDescriptors(), checkMemory(), checkWatchdog()];
}

function checkNode(): Check {
  const major = Number(process.versions.node.split('.')[0]);
  const ok = major >= 20;
  return {
    name: 'node',
    state: ok ? 'ok' : 'refused',
    value: process.version,
    consequence: ok ? null : 'leak-soak needs Node 20 or newer',
  };
}

function checkSystem(): Check {
  const system = platform();
  const value = `${system} ${release()}, ${cpus().length} CPUs`;
  if (system === 'linux') return { name: 'system', state: 'ok', value, consequence: null };
  if (system === 'win32') {
    return {
      name: 'system',
      state: 'refused',
      value,
      consequence: 'not supported: run leak-soak inside WSL',
    };
  }
  return { name: 'system', state: 'limited', value, consequence: 'only RSS, CPU and heap are measured here' };
}

function checkProcfs(): Check {
  if (!hasProcfs()) {
    return {
      name: '/proc',
      state: 'limited',
      value: 'none',
      consequence: 'descriptors and threads stay empty; RSS and CPU come from pidusage',
    };
  }
  const cheap = fdCountIsCheap();
  return {
    name: '/proc',
    state: 'ok',
    value: cheap ? 'descriptors counted in one call' : 'descriptors listed one by one (kernel before 6.2)',
    consequence: null,
  };
}

function checkDescriptors(): Check {
  const limit = softDescriptorLimit();
  const enough = limit !== null && limit >= ENOUGH_DESCRIPTORS;
  return {
    name: 'ulimit -n',
    state: limit === null || enough ? 'ok' : 'limited',
    value: limit === null ? 'unknown' : limit === Number.POSITIVE_INFINITY ? 'unlimited' : String(limit),
    consequence:
      limit === null || enough
        ? null
        : `raise it with ulimit -n ${ENOUGH_DESCRIPTORS * 4} for many connections`,
  };
}

function checkMemory(): Check {
  const free = freemem();
  const enough = free >= ENOUGH_MEMORY_BYTES;
  return {
    name: 'memory',
    state: enough ? 'ok' : 'limited',
    value: `${formatBytes(free)} of ${formatBytes(totalmem())} available`,
    consequence: enough ? null : 'a leaking target may exhaust it: use a short --duration',
  };
}

function checkWatchdog(): Check {
  try {
    execFileSync('/bin/sh', ['-c', ':'], { stdio: 'ignore' });
    return { name: 'watchdog', state: 'ok', value: '/bin/sh', consequence: null };
  } catch {
    return {
      name: 'watchdog',
      state: 'refused',
      value: 'no /bin/sh',
      consequence: 'no run can be started safely',
    };
  }
}

/** The limit that a child of ours gets: the shell reports the one it inherited. */
function softDescriptorLimit(): number | null {
  try {
    const text = execFileSync('/bin/sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
    return text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text) || null;
  } catch {
    return null;
  }
}
