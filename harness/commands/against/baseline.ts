import { usageError } from '../../core/errors.js';
import { buildNode } from '../../process/checkout-node.js';
import { splitCommandLine } from '../../process/command-line.js';
import { readFaultCatalogue } from '../../process/fault-catalogue.js';
import { addWorktree, findCommit, type GitCommit } from '../../process/worktree.js';
import type { ResolvedRun } from '../../run/run-options.js';

/** The version that a run is compared with, as `--against` names it; nothing has been started for it. */
export type Baseline =
  | { readonly kind: 'faults'; readonly faults: readonly string[] }
  | { readonly kind: 'command'; readonly command: readonly [string, ...string[]] }
  | { readonly kind: 'git'; readonly commit: GitCommit };

/** One of two versions: how it is called, and the run that tests it. They differ in nothing but the treatment. */
export interface Variant {
  readonly label: string;
  readonly run: ResolvedRun;
}

/** A variant that is ready to run, and what has to be taken away afterwards. */
export interface OpenVariant extends Variant {
  close(): Promise<void>;
}

const FORMS = 'write fixed, fault:ID[,ID…] (leak-soak list faults), git:REF or command:LINE';

/** The baseline in the text of `--against`. Throws `usage` with the forms that there are. */
export function parseBaseline(text: string): Baseline {
  const [, kind, name = ''] = /^(fault|git|command):(.*)$/s.exec(text) ?? [];
  if (text === 'fixed') return { kind: 'faults', faults: [] };
  if (kind === 'fault') return { kind: 'faults', faults: parseFaults(name) };
  if (kind === 'command') return { kind, command: splitCommandLine(name, '--against command') };
  const commit = findCommit(kind === 'git' ? name : text);
  if (typeof commit !== 'string') return { kind: 'git', commit };
  if (kind !== 'git') {
    throw usageError(
      `--against '${text}' is neither a form of version nor a ref that git knows here: ${FORMS}`,
    );
  }
  throw usageError(
    commit === 'no-repository'
      ? `--against git:${name} needs a git repository in the current folder: change into a clone of leak-soak`
      : `--against git:${name}: git knows no such commit here: see git branch --all and git tag, or fetch it first`,
  );
}

function parseFaults(names: string): readonly string[] {
  const faults = names.split(',').map((name) => name.trim());
  if (!faults.includes('')) return [...new Set(faults)];
  throw usageError(`--against fault:${names} names no fault: ${FORMS}`);
}

/** What a variant is called: the version of its node, where versions are compared, and its faults. */
export function labelOf(version: string, faults: readonly string[]): string {
  const seeded = faults.length === 0 ? '' : `fault ${faults.join(', ')}`;
  if (version === '') return seeded === '' ? 'fixed' : seeded;
  return seeded === '' ? version : `${version} with ${seeded}`;
}

/**
 * Makes the baseline ready to run. `run` is its run: that of the version after with the baseline's faults, or, since
 * for git the commit is the treatment, with the same faults and yet another node.
 *
 * Throws `usage` for faults that its node does not know, and `could-not-run` when it cannot be built.
 */
export async function openBaseline(
  baseline: Baseline,
  run: ResolvedRun,
  say: (step: string) => void,
  signal: AbortSignal,
): Promise<OpenVariant> {
  const close = async (): Promise<void> => undefined;
  if (baseline.kind === 'faults') return { label: labelOf('', baseline.faults), run, close };
  if (baseline.kind === 'command') {
    return { label: commandLabel(baseline.command), run: withCommand(run, baseline.command), close };
  }
  const { commit } = baseline;
  const worktree = await addWorktree(commit, signal);
  try {
    const program = await buildNode(worktree, commit, say);
    await requireFaults(run.faults, program, commit);
    return {
      label: labelOf(`git:${commit.ref} (${commit.hash.slice(0, 7)})`, run.faults),
      run: { ...run, target: { kind: 'built-in', program } },
      close: worktree.remove,
    };
  } catch (error) {
    await worktree.remove();
    throw error;
  }
}

/** Throws `usage` where this baseline is no other version of what the run tests. */
export function checkBaseline(baseline: Baseline, { target }: ResolvedRun): void {
  if (target.kind === 'attached') {
    throw usageError('--against starts both versions itself: give this one with --command instead of --pid');
  }
  if ((baseline.kind === 'command') === (target.kind === 'command')) return;
  throw usageError(
    target.kind === 'command'
      ? '--against must name another command to compare --command with: write --against "command:LINE"'
      : '--against command:… compares with --command, which is missing: name the version that is tested',
  );
}

/** What a version that is a command is called. */
export function commandLabel(command: readonly string[]): string {
  return command.join(' ');
}

function withCommand(run: ResolvedRun, command: readonly [string, ...string[]]): ResolvedRun {
  return run.target.kind === 'command' ? { ...run, target: { ...run.target, command } } : run;
}

async function requireFaults(wanted: readonly string[], program: string, { ref }: GitCommit): Promise<void> {
  if (wanted.length === 0) return;
  const known = (await readFaultCatalogue(program)).map(({ id }) => id);
  const missing = wanted.find((id) => !known.includes(id));
  if (missing === undefined) return;
  throw usageError(
    `the node of git:${ref} has no fault '${missing}', it knows ${known.join(', ') || 'none'}: choose one of these, or leave --fault out`,
  );
}
