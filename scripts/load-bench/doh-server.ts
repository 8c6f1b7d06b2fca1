import { createServer } from 'node:http';
import { ADDRESS } from './unbound.js';

/** `node doh-server.js PORT`: a server of DNS over plain HTTP that gives every name the same address. */

/** A pointer to the question, type A, class IN, a minute, four bytes. */
const RECORD = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...ADDRESS.split('.').map(Number)]);

createServer((request, response) => {
  request.once('data', (query: Buffer) => {
    const answer = Buffer.concat([query, RECORD]);
    // An authoritative answer, with one record.
    answer.writeUInt16BE(0x8400, 2);
    answer.writeUInt16BE(1, 6);
    response.writeHead(200, { 'content-type': 'application/dns-message', 'content-length': answer.length });
    response.end(answer);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
