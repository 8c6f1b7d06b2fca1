import { expect, test } from 'vitest';
import type { FaultInfo } from '../../core/fault.js';
import { rowName } from '../../core/matrix.js';
import type { Scenario } from '../../run/scenario.js';
import { matrixRows, pickRows } from './rows.js';

const scenario = (name: string, exposes: readonly string[], ofNode = true): Scenario =>
  ({ name, exposes, targetConfig: ofNode ? () => ({}) : null }) as unknown as Scenario;
const fault = (id: string): FaultInfo =>
  ({ id, metric: 'live-heap', finding: null, leak: '', system: '' }) as unknown as FaultInfo;

const ROWS = matrixRows(
  [
    scenario('flood', ['names', 'queue']),
    scenario('mix', ['names', 'other']),
    scenario('own-load', [], false),
  ],
  ['names', 'queue', 'other'].map(fault),
);

test('each scenario of the node has a row, and each fault one in the first scenario that brings it out', () => {
  expect(ROWS.map(rowName)).toEqual(['flood', 'flood/names', 'flood/queue', 'mix', 'mix/other']);
});

test('rows are picked by scenario, by fault, or by their own name', () => {
  expect(pickRows(ROWS, [])).toEqual(ROWS);
  expect(pickRows(ROWS, ['mix']).map(rowName)).toEqual(['mix', 'mix/other']);
  expect(pickRows(ROWS, ['queue', 'mix/other']).map(rowName)).toEqual(['flood/queue', 'mix/other']);
});

test('a word that is no row is refused with those that are', () => {
  expect(() => pickRows(ROWS, ['flod'])).toThrow(/--only flod is no row.*flood\/names/);
});
