import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ZONE } from './unbound.js';

/** What a driver reached in one round. */
export interface Round {
  readonly answeredPerSec: number;
  readonly cpuMicrosPerQuery: number;
}

const NAMES = 10_000;

/**
 * One round of dnsperf: one client, one thread, `outstanding` questions in flight. Its CPU time is what the shell
 * says of its children.
 */
export async function runDnsperf(
  program: string,
  port: number,
  outstanding: number,
  seconds: number,
  mode: 'udp' | 'tcp' = 'udp',
): Promise<Round> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-load-'));
  try {
    const data = join(directory, 'queries');
    writeFileSync(data, Array.from({ length: NAMES }, (_, i) => `q${i}.${ZONE} A\n`).join(''));
    const command = `"${program}" -s 127.0.0.1 -p ${port} -m ${mode} -d "${data}" -c 1 -T 1 -q ${outstanding} -l ${seconds}; times`;
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command]);
    return readRound(stdout);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function readRound(output: string): Round {
  const answered = Number(/Queries completed:\s+(\d+)/.exec(output)?.[1]);
  const answeredPerSec = Number(/Queries per second:\s+([\d.]+)/.exec(output)?.[1]);
  const children = output.trim().split('\n').at(-1) ?? '';
  const times = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, min, sec]) => Number(min) * 60 + Number(sec),
  );
  const cpuSec = times.reduce((sum, time) => sum + time, 0);
  if (!(answered > 0 && answeredPerSec > 0 && cpuSec > 0)) throw new Error(`dnsperf said:\n${output}`);
  return { answeredPerSec, cpuMicrosPerQuery: (cpuSec * 1e6) / answered };
}
