import { describe, expect, it } from 'vitest';
import { formatEndpoint, isLoopback, parseEndpoint } from './endpoint.js';

describe('parseEndpoint', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4', 53],
    ['1.2.3.4:5353', '1.2.3.4', 5353],
    ['127.0.0.1:0', '127.0.0.1', 0],
    ['::1', '::1', 53],
    ['[2001:db8::1]', '2001:db8::1', 53],
    ['[::1]:5353', '::1', 5353],
  ])('reads %s', (text, address, port) => {
    expect(parseEndpoint(text, 53)).toEqual({ address, port });
  });

  it.each([
    '',
    'localhost',
    'localhost:53',
    '1.2.3:53',
    '1.2.3.4:',
    '1.2.3.4:65536',
    '1.2.3.4:x',
    '[1.2.3.4]:53',
    '[::1',
    ':53',
  ])('refuses "%s"', (text) => {
    expect(parseEndpoint(text, 53)).toBeNull();
  });
});

it('formats IPv6 in brackets', () => {
  expect(formatEndpoint({ address: '::1', port: 53 })).toBe('[::1]:53');
});

it.each([
  ['127.0.0.3', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.0.2.1', false],
])('knows whether %s is loopback', (address, expected) => {
  expect(isLoopback({ address, port: 53 })).toBe(expected);
});
