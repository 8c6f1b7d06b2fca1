import { createColours } from '../../reports/colours.js';
import { verdictText } from '../../reports/text.js';
import { resultJson } from '../../reports/verdict-json.js';
import type { RunVerdict } from '../core/verdict.js';
import type { CommandContext } from './context.js';

/** Prints a verdict on stdout: the report for people, or the object that `verdict.json` holds. */
export function printVerdict(
  verdict: RunVerdict,
  directory: string,
  json: boolean,
  context: CommandContext,
): void {
  const colours = createColours(context.colour.stdout);
  context.stdout.write(json ? resultJson(verdict) : verdictText(verdict, { colours, directory }));
}
