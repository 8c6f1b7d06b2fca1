/**
 * Prints what the seed documents state, and the test or command that shows each: `npm run seed-coverage -- [--area AREA]`.
 * What nothing shows yet is listed once more at the end.
 */
import { chosen, scriptArguments } from './script-arguments.js';
import { type CoveredItem, coverageOf, isWithout } from './seeds/coverage.js';
import { SEED_ITEMS } from './seeds/items.js';

const values = scriptArguments('usage: npm run seed-coverage -- [--area dns|chain|mesh|streams|stratum]', {
  area: { type: 'string' },
});
const areas = chosen(values.area, [...new Set(SEED_ITEMS.map(({ area }) => area))]);
const items = coverageOf(process.cwd(), SEED_ITEMS).filter(({ area }) => areas.includes(area));

for (const item of items)
  console.log(`${item.seed} ${item.kind} (${item.area}): ${item.text}\n    ${shown(item)}`);
const without = items.filter(isWithout);
console.log(`\n${items.length - without.length} of ${items.length} shown`);
for (const { seed, kind, text } of without) console.log(`  still without: ${seed} ${kind} "${text}"`);

function shown({ shownBy, ownCommand }: CoveredItem): string {
  const all = [...shownBy, ...(ownCommand === null ? [] : [ownCommand])];
  return all.length === 0 ? '-' : all.join(', ');
}
