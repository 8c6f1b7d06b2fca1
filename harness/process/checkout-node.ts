import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { couldNotRun, messageOf } from '../core/errors.js';
import type { GitCommit, Worktree } from './worktree.js';

/** Where a build leaves the node under test, from the top of its package. */
const NODE_PROGRAM = 'dist/target/main.js';

const INSTALL = ['npm', 'ci', '--include=dev', '--no-audit', '--no-fund'] as const;
const BUILD = ['npm', 'run', 'build'] as const;

/**
 * Makes the node under test of a checkout runnable, by `npm ci` where it has dependencies and `npm run build`
 * where there is such a script, and hands back its program. Each step is said before it is taken.
 *
 * Throws `could-not-run` naming the step that failed, or what the commit lacks.
 */
export async function buildNode(
  worktree: Worktree,
  commit: GitCommit,
  say: (step: string) => void,
): Promise<string> {
  const folder = packageFolder(worktree.path, commit);
  const { scripts, dependencies, devDependencies } = readPackage(folder, commit);
  const needed = Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  if (needed && !existsSync(join(folder, 'package-lock.json'))) {
    throw couldNotRun(
      `git:${commit.ref} has dependencies but no package-lock.json, so they cannot be installed as they were: choose a commit that has one`,
    );
  }
  const steps = [...(needed ? [INSTALL] : []), ...(scripts?.build === undefined ? [] : [BUILD])];
  for (const step of steps) {
    say(`${step.join(' ')}, in a checkout of git:${commit.ref}`);
    await worktree.run(step, folder);
  }
  const program = join(folder, NODE_PROGRAM);
  if (existsSync(program)) return program;
  throw couldNotRun(
    `git:${commit.ref} has no node under test: no ${NODE_PROGRAM} after its build; git: compares versions of the ` +
      'built-in node, so use it in a clone of leak-soak',
  );
}

interface Package {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The folder of the package: that of the current folder where it has a package.json, else the top. */
function packageFolder(checkout: string, { prefix }: GitCommit): string {
  const own = join(checkout, prefix);
  return existsSync(join(own, 'package.json')) ? own : checkout;
}

function readPackage(folder: string, { ref }: GitCommit): Package {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;
  } catch (cause) {
    throw couldNotRun(
      `git:${ref} has no readable package.json (${messageOf(cause)}): use git: in a clone of leak-soak`,
      cause,
    );
  }
}
