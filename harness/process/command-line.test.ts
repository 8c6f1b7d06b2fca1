import { expect, test } from 'vitest';
import { splitCommandLine } from './command-line.js';

test.each([
  ['unbound -d -c x.conf', ['unbound', '-d', '-c', 'x.conf']],
  ["nginx -g 'daemon off;' -p /tmp/a", ['nginx', '-g', 'daemon off;', '-p', '/tmp/a']],
  ['node "my server.js"  --name=""', ['node', 'my server.js', '--name=']],
  ["sh -c 'exec a | b > c'", ['sh', '-c', 'exec a | b > c']],
  ['a\\ b "c\\"d" \'e\\f\' ""', ['a b', 'c"d', 'e\\f', '']],
  ["don\\'t 'wor'ry", ["don't", 'worry']],
])('%s', (line, words) => {
  expect(splitCommandLine(line, '--command')).toEqual(words);
});

test.each([
  ['', /empty/],
  ['   ', /empty/],
  ["''", /empty/],
  ['a "b', /open "/],
  ['a | b', /'\|' .* needs one: quote it, or write sh -c/],
  ['server --port $PORT', /'\$'/],
  ['server &', /'&'/],
])('%s is refused', (line, message) => {
  expect(() => splitCommandLine(line, '--command')).toThrow(message);
});
