import { expect, it } from 'vitest';
import { addressFamily, socketAddress } from './socket-address.js';

function bytesOf(host: string, family: 4 | 6): string {
  return socketAddress({ host, port: 0x1234, family, text: host }).toString('hex');
}

it('writes IPv4 addresses as the kernel reads them', () => {
  expect(bytesOf('127.0.0.2', 4)).toBe('020012347f0000020000000000000000');
  expect(addressFamily({ host: '127.0.0.2', port: 1, family: 4, text: '' })).toBe(2);
});

it.each([
  ['::1', '00000000000000000000000000000001'],
  ['::', '00000000000000000000000000000000'],
  ['2001:db8::5:0:7', '20010db8000000000000000500000007'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ['::ffff:127.0.0.1', '00000000000000000000ffff7f000001'],
])('writes %s as 16 bytes', (host, hex) => {
  expect(bytesOf(host, 6)).toBe(`0a00123400000000${hex}00000000`);
});
