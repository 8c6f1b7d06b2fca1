/** The server of the ladder, a program of its own: `node server.js LEAK PORT PER_MINUTE`; answers every GET with a small page. */
import { createServer } from 'node:http';
import { EXACT_LEAKS, type LeakName } from './leaks.js';

const [name, port, perMin] = process.argv.slice(2);
EXACT_LEAKS[name as LeakName].start(Number(perMin));
createServer((_request, response) => {
  response.end('<!doctype html><title>served</title>');
}).listen(Number(port), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
