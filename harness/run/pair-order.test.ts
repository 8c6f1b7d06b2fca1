import { expect, test } from 'vitest';
import { differenceOf, meanEstimate, type NonEmpty } from '../stats/difference.js';
import { pairOrder } from './pair-order.js';

test('pairs alternate which version comes first: A B B A A B', () => {
  expect(pairOrder(3).map(({ pair, side }) => `${side} ${pair}`)).toEqual([
    'before 1',
    'after 1',
    'after 2',
    'before 2',
    'before 3',
    'after 3',
  ]);
});

test('a machine that slows down evenly cancels over two pairs', () => {
  const values = new Map(pairOrder(2).map(({ pair, side }, place) => [`${side} ${pair}`, 7 * place]));
  const run = (name: string) => ({ value: values.get(name) as number, se: 1, degreesOfFreedom: 9 });
  const pairs = [1, 2].map((n) => differenceOf(run(`before ${n}`), run(`after ${n}`)));
  expect(meanEstimate(pairs as unknown as NonEmpty<(typeof pairs)[number]>).value).toBe(0);
});
