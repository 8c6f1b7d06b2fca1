import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';

/** Two runs at a time disturb each other little where each has a core; the verdicts of more are not worth the time. */
export const MAX_LANES = 2;

/** Works through the items in order, so many at a time: as many as asked for, else two where there are the cores for it. */
export async function inLanes<Item>(
  items: readonly Item[],
  lanes: number | undefined,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  const count = lanes ?? Math.min(MAX_LANES, availableParallelism());
  await Promise.all(Array.from({ length: count }, lane));
}

/** `--lanes`; throws commander's `InvalidArgumentError`. */
export function lanesFlag(text: string): number {
  const lanes = Number(text);
  if (/^\d+$/.test(text) && lanes >= 1 && lanes <= 64) return lanes;
  throw new InvalidArgumentError('give a whole number between 1 and 64');
}
