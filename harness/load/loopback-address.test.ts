import { describe, expect, it } from 'vitest';
import { parseLoopback } from './loopback-address.js';

describe('loopback address', () => {
  it('takes 127.0.0.0/8 and ::1', () => {
    expect(parseLoopback('127.3.2.1:53')).toMatchObject({ host: '127.3.2.1', port: 53, family: 4 });
    expect(parseLoopback('[::1]:40001')).toMatchObject({ host: '::1', port: 40_001, family: 6 });
  });

  it.each(['8.8.8.8:53', '0.0.0.0:53', '10.0.0.1:53', '[2001:db8::1]:53', '[::]:53', '[::ffff:8.8.8.8]:53'])(
    'refuses %s because load stays on this machine',
    (text) => {
      expect(() => parseLoopback(text)).toThrow(/this machine only.*elsewhere/);
    },
  );

  it.each([
    'localhost:53',
    '127.0.0.1',
    '127.0.0.1:0',
    '127.0.0.1:70000',
    '127.0.0.1:x',
    '::1:53',
    '',
    '127.1:53',
  ])('refuses "%s" because it is no address with a port', (text) => {
    expect(() => parseLoopback(text)).toThrow(/is not an address of the form/);
  });
});
