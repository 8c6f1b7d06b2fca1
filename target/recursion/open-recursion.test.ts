import { expect, it } from 'vitest';
import { isThisMachine } from './open-recursion.js';

it.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['0.0.0.0', true],
  ['::', true],
  ['::1', true],
  ['::ffff:7f00:1', true],
  ['192.0.2.1', false],
  ['2001:db8::1', false],
])('%s reaches this machine: %s', (address, expected) => {
  expect(isThisMachine(address)).toBe(expected);
});
