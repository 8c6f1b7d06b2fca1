import type { Check } from '../harness/core/check.js';
import type { Colours } from './colours.js';

/** What `leak-soak doctor` prints: one aligned line per check, the consequence below it. */
export function formatDoctor(checks: readonly Check[], colours: Colours): string {
  const shade = { ok: colours.green, limited: colours.yellow, refused: colours.red };
  const width = Math.max(...checks.map((check) => check.name.length));
  const lines = checks.flatMap(({ name, state, value, consequence }) => [
    `${name.padEnd(width)}  ${shade[state](state.padEnd(7))}  ${value}`,
    ...(consequence === null ? [] : [`${' '.repeat(width + 11)}${consequence}`]),
  ]);
  return `${lines.join('\n')}\n`;
}
