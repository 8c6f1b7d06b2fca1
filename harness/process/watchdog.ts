import { spawn } from 'node:child_process';
import { couldNotRun } from '../core/errors.js';

/** Environment variable that marks every process of a run, so that those which left their group are found. */
export const RUN_ID_VARIABLE = 'LEAK_SOAK_RUN_ID';

/** How long the watchdog may take to clear up once its pipe is closed. */
const CLOSE_TIMEOUT_MS = 10_000;

/**
 * The watchdog's whole program. It reads `+ PGID`, `- PGID` and `c FOLDER` lines; when the pipe closes, by whatever
 * death of the rig, it kills the groups still listed and all that is in the control group (`cgroup.kill`, Linux
 * 5.14), then every process that carries the run id, then removes the control group, which the kernel allows once
 * nothing is in it any more, and the run's private directory.
 *
 * `kill -s KILL -- -PGID` is the spelling that dash honours; `kill -KILL -- -PGID` silently does nothing
 * there. A zombie's environ is empty, so the sweep ends. Where there is no /proc the groups are all we have.
 */
const PROGRAM = `
trap '' HUP INT TERM
run_id=$1
private_dir=$2
groups=' '
cgroup=
while read -r change what; do
  case $change in
    +) groups="$groups$what " ;;
    -) case $groups in *" $what "*) groups="\${groups%% $what *} \${groups#* $what }" ;; esac ;;
    c) cgroup=$what ;;
  esac
done
for pgid in $groups; do kill -s KILL -- "-$pgid" 2>/dev/null; done
[ -z "$cgroup" ] || [ ! -e "$cgroup/cgroup.kill" ] || echo 1 > "$cgroup/cgroup.kill"
round=0
while [ "$round" -lt 20 ]; do
  found=
  for file in $(grep -lsaF "${RUN_ID_VARIABLE}=$run_id" /proc/[0-9]*/environ 2>/dev/null); do
    pid=\${file#/proc/}
    pid=\${pid%/environ}
    [ "$pid" = "$$" ] || { kill -s KILL "$pid" 2>/dev/null && found=1; }
  done
  [ -n "$found" ] || break
  round=$((round + 1))
  sleep 0.1
done
round=0
while [ -n "$cgroup" ] && [ -d "$cgroup" ] && [ "$round" -lt 20 ]; do
  rmdir -- "$cgroup" && break
  round=$((round + 1))
  sleep 0.1
done
[ -z "$private_dir" ] || rm -rf -- "$private_dir"
`;

/** A tiny process in a session of its own that outlives the rig just long enough to clear up after it. */
export interface Watchdog {
  readonly pid: number;
  /** From now on this process group dies with the rig. */
  guard(pgid: number): void;
  /** From now on this control group, a folder of the kernel's, goes with the rig. */
  guardControlGroup(folder: string): void;
  /** The group has ended; its number may be used again by others. */
  release(pgid: number): void;
  /** Clears up what is left and resolves when the watchdog has ended. May be called twice. */
  close(): Promise<void>;
}

export interface WatchdogOptions {
  /** Value of `LEAK_SOAK_RUN_ID` in the run's processes. */
  readonly runId: string;
  /** Removed with all it holds when the run is over; null for none. */
  readonly privateDir: string | null;
  /** Called when the watchdog ends although nobody closed it. */
  readonly onLost: () => void;
}

/** Starts the watchdog; it must be the first process of a run. */
export async function startWatchdog(options: WatchdogOptions): Promise<Watchdog> {
  const child = spawn(
    '/bin/sh',
    ['-c', PROGRAM, 'leak-soak-watchdog', options.runId, options.privateDir ?? ''],
    {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: `${process.env.PATH ?? ''}:/usr/bin:/bin` },
    },
  );
  let closing = false;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin.on('error', () => {
    // A write after the watchdog's death; the exit event below reports it.
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(couldNotRun(`cannot start the watchdog: ${cause.message}`, cause)));
  });
  child.once('exit', () => {
    if (!closing) options.onLost();
  });
  child.unref();

  return {
    pid: child.pid as number,
    guard: (pgid) => void child.stdin.write(`+ ${pgid}\n`),
    guardControlGroup: (folder) => void child.stdin.write(`c ${folder}\n`),
    release: (pgid) => void child.stdin.write(`- ${pgid}\n`),
    close: async () => {
      closing = true;
      child.ref();
      child.stdin.end();
      const timeout = AbortSignal.timeout(CLOSE_TIMEOUT_MS);
      const gaveUp = new Promise<void>((resolve) => timeout.addEventListener('abort', () => resolve()));
      await Promise.race([ended, gaveUp]);
      child.unref();
    },
  };
}
