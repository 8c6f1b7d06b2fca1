import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { parseServiceAddress } from '../core/service-address.js';
import { portOwner } from './port-owner.js';
import { processTree } from './process-tree.js';

/** Programs that start another one and wait for it. */
const WRAPPERS =
  /^(sh|bash|dash|ash|zsh|env|npm|npx|pnpm|yarn|bun|npm-cli\.js|npx-cli\.js|pnpm\.cjs|yarn\.js)$/;

/**
 * The process to watch among a launched one and its descendants: the one that listens on the addresses, so that
 * `npm start` and shell wrappers are seen through; where none can be told, the first that is no wrapper.
 */
export function servedBy(leader: number, addresses: Readonly<Record<string, string>>): number {
  const ports = Object.values(addresses).map((text) => parseServiceAddress(text).port);
  const tree = processTree(leader);
  return portOwner(ports, tree) ?? tree.find(({ pid }) => !isWrapper(pid))?.pid ?? leader;
}

/** Whether a process runs Node, by the program it executes; false where that may not be seen. */
export function runsNode(pid: number): boolean {
  try {
    return /^node(js)?[\d.]*$/.test(basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, ''));
  } catch {
    return false;
  }
}

/** npm changes its title to `npm start`, so the first word counts as well as the script behind `node`. */
function isWrapper(pid: number): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/);
    const [program = '', script = ''] = words.map((word) => basename(word));
    return WRAPPERS.test(program) || (/^node/.test(program) && WRAPPERS.test(script));
  } catch {
    return false;
  }
}
