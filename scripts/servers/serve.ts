/** One of the study's servers: `node serve.js BEHAVIOUR PORT PARAMETER`; answers every GET with a small page. */
import { createServer } from 'node:http';
import { BEHAVIOURS } from './behaviours.js';

const [name = '', port = '0', parameter = '0'] = process.argv.slice(2);
const chosen = BEHAVIOURS[name];
if (chosen === undefined) {
  process.stderr.write(`unknown behaviour '${name}': one of ${Object.keys(BEHAVIOURS).join(', ')}\n`);
  process.exit(4);
}
const handle = chosen.start(Number(parameter));
let sequence = 0;
const server = createServer((_request, response) => {
  handle(sequence++);
  response.end('<!doctype html><title>served</title>');
});
server.listen(Number(port), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
