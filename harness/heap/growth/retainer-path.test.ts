import { describe, expect, test } from 'vitest';
import { fingerprintOf } from './retainer-path.js';

/** Steps from text: `name Class`. */
const path = (...steps: string[]) =>
  steps.map((step) => {
    const [name = '', className = ''] = step.split(' ');
    return { name, className };
  });

describe('a fingerprint', () => {
  const cache = ['server Server', 'cache DnsCache', 'entries Map'];

  test('begins behind the last function, module or global object on the way', () => {
    const expected = fingerprintOf(path('[] global', ...cache), 'DnsRecord');
    for (const way of [
      ['operate operate()'],
      ['[] ModuleWrap', '[] Generator'],
      ['[] TCP', 'request (anonymous)()'],
    ]) {
      expect(fingerprintOf(path(...way, ...cache), 'DnsRecord')).toBe(expected);
    }
    expect(fingerprintOf(path('[] global', 'peers Map'), 'DnsRecord')).not.toBe(expected);
    expect(fingerprintOf(path('[] global', ...cache), 'Negative')).not.toBe(expected);
  });

  test('is the same by whichever resource the store of an AsyncLocalStorage is reached', () => {
    const ways = [
      path('[] TCP', '[kResourceStore] Object', 'spans Array'),
      path('last Promise', '[kResourceStore] Object', 'spans Array'),
      path('[] TCP', '[] AsyncContextFrame', '[] Object', 'spans Array'),
    ];
    expect(new Set(ways.map((way) => fingerprintOf(way, 'Object'))).size).toBe(1);
  });

  test('of a structure that is a function is made of its name', () => {
    const [one, two] = ['resolve resolve()', 'answer answer()'].map((step) =>
      fingerprintOf(path(step), null),
    );
    expect(one).not.toBe(two);
  });
});
