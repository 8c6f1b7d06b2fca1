import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The zone that the server answers for, any name below it, and the address it answers with. */
export const ZONE = 'bench.test';
export const ADDRESS = '10.1.2.3';

const CLOCK_TICKS_PER_SEC = 100;
const READY_TRIES = 100;

/** A DNS server that answers from memory, with one thread. */
export interface Unbound {
  readonly port: number;
  /** CPU time used so far; null when it cannot be read. */
  cpuMs(): number | null;
  close(): Promise<void>;
}

/** Path of a program on the system, sbin included; null when it is not installed. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** What every unbound of a script has in common: one thread, in the foreground, on one port of loopback. */
function configuration(directory: string, port: number, server: readonly string[], rest: string): string {
  return `server:
  directory: "${directory}"
  chroot: ""
  username: ""
  pidfile: ""
  do-daemonize: no
  use-syslog: no
  interface: 127.0.0.1@${port}
  access-control: 127.0.0.0/8 allow
  num-threads: 1
  so-rcvbuf: 4m
  module-config: "iterator"
${server.map((line) => `  ${line}\n`).join('')}remote-control:
  control-enable: no
${rest}`;
}

/** Starts an unbound that answers for the zone of the benchmarks from memory. */
export function startUnbound(program: string, port: number): Promise<Unbound> {
  return launchUnbound(program, port, [
    'incoming-num-tcp: 6000',
    `local-zone: "${ZONE}." redirect`,
    `local-data: "${ZONE}. 3600 IN A ${ADDRESS}"`,
  ]);
}

/**
 * Starts unbound on a port of loopback, with these lines in its `server` clause and further clauses in `rest`, and waits
 * until it accepts connections. Throws with its output when it does not.
 */
export async function launchUnbound(
  program: string,
  port: number,
  server: readonly string[],
  rest = '',
): Promise<Unbound> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-unbound-'));
  const path = join(directory, 'unbound.conf');
  writeFileSync(path, configuration(directory, port, server, rest));
  const child = spawn(program, ['-d', '-c', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output = `${output}${chunk}`.slice(-2000);
  });
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await ready(child, port);
  } catch (error) {
    await close();
    throw new Error(`${(error as Error).message}\n${output}`);
  }
  return { port, cpuMs: () => cpuOf(child.pid), close };
}

async function ready(child: ChildProcess, port: number): Promise<void> {
  for (let i = 0; i < READY_TRIES && child.exitCode === null; i++) {
    const socket = connect(port, '127.0.0.1');
    const answer = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (answer) return;
    await delay(50);
  }
  throw new Error(`unbound does not listen on port ${port} (exit code ${child.exitCode})`);
}

/** CPU time that a process has used so far, in milliseconds; null when it cannot be read. */
export function cpuOf(pid: number | undefined): number | null {
  try {
    // Behind the command's name, which ends with ")": user and system time are fields 14 and 15 (proc_pid_stat(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / CLOCK_TICKS_PER_SEC;
  } catch {
    return null;
  }
}
