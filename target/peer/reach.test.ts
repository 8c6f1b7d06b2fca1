import { expect, it } from 'vitest';
import { parseEndpoint } from '../endpoint.js';
import { mayDial, type Reach } from './reach.js';

it.each<readonly [Reach, readonly string[], readonly string[]]>([
  ['loopback', ['127.0.0.1:1', '127.255.0.9:4244', '[::1]:9'], ['192.0.2.1:1', '10.0.0.1:1', '127.0.0.1:0']],
  [
    'everywhere',
    ['192.0.2.1:4244', '[2001:db8::1]:4244', '172.32.0.1:1'],
    ['127.0.0.1:1', '10.1.2.3:1', '172.16.0.1:1', '192.168.9.9:1', '169.254.1.1:1', '[::1]:1', '[fd00::1]:1'],
  ],
])('with reach %s, these and not those are dialled', (reach, dialled, refused) => {
  const may = (text: string): boolean => mayDial(parseEndpoint(text, 1) ?? { address: '', port: 0 }, reach);
  expect(dialled.map(may)).toEqual(dialled.map(() => true));
  expect(refused.map(may)).toEqual(refused.map(() => false));
});
