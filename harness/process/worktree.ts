import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { couldNotRun, messageOf } from '../core/errors.js';
import { runTool } from './run-tool.js';
import { RUN_ID_VARIABLE, startWatchdog } from './watchdog.js';

/** A commit of the repository in the current folder. */
export interface GitCommit {
  /** As the user wrote it. */
  readonly ref: string;
  readonly hash: string;
  /** The repository's top folder. */
  readonly repository: string;
  /** The current folder within it; empty at the top. */
  readonly prefix: string;
}

/** A commit checked out in a private temporary folder, and a way to run tools in it. */
export interface Worktree {
  readonly path: string;
  /** Runs a tool there; it ends with us, and its children too. Throws as `runTool` does. */
  run(command: readonly [string, ...string[]], cwd: string): Promise<string>;
  /** Takes the checkout away; may be called twice. */
  remove(): Promise<void>;
}

/** The commit that a ref names in the repository of the current folder; else what is missing. */
export function findCommit(ref: string): GitCommit | 'no-repository' | 'no-commit' {
  const repository = git('rev-parse', '--show-toplevel');
  if (repository === null) return 'no-repository';
  const hash = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
  if (hash === null) return 'no-commit';
  return { ref, hash, repository, prefix: git('rev-parse', '--show-prefix') ?? '' };
}

/**
 * Checks a commit out with `git worktree` into a folder that only this user can enter. It is removed by `remove`,
 * when this process exits, and by the watchdog when it is killed; only then git keeps a note of it, until its
 * next `git worktree prune`.
 */
export async function addWorktree(commit: GitCommit, signal: AbortSignal): Promise<Worktree> {
  const privateDir = makePrivateDir();
  const path = join(privateDir, 'checkout');
  const runId = randomUUID();
  const watchdog = await startWatchdog({ runId, privateDir, onLost: () => undefined });
  const env = { ...process.env, [RUN_ID_VARIABLE]: runId };
  const forget = (): void => {
    git('-C', commit.repository, 'worktree', 'remove', '--force', path);
  };
  process.once('exit', forget);
  let removed = false;
  const worktree: Worktree = {
    path,
    run: (command, cwd) => runTool(command, { cwd, env, watchdog }, signal),
    remove: async () => {
      if (removed) return;
      removed = true;
      process.removeListener('exit', forget);
      forget();
      await watchdog.close();
    },
  };
  try {
    // The repository's own post-checkout hook is none of our business.
    const add = ['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--detach', path, commit.hash];
    await worktree.run(['git', ...add], commit.repository);
    return worktree;
  } catch (error) {
    await worktree.remove();
    throw error;
  }
}

function makePrivateDir(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'leak-soak-before-'));
  } catch (cause) {
    throw couldNotRun(
      `cannot make a temporary folder: ${messageOf(cause)}; set TMPDIR to one that can be written`,
      cause,
    );
  }
}

/** What git prints, without the newline; null when it says no. Throws `could-not-run` where there is no git. */
function git(...args: string[]): string | null {
  const { status, stdout, error } = spawnSync('git', args, { encoding: 'utf8' });
  if (error !== undefined) throw couldNotRun(`cannot run git: ${error.message}; is it installed?`, error);
  return status === 0 ? stdout.trimEnd() : null;
}
