import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { serveTcp } from '../fixtures/tcp-server.js';
import { parseLoopback } from '../loopback-address.js';
import { type Http1Pool, openHttp1Pool } from './http1-pool.js';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** A pool at a server that does `reply` with each request, told its number on its connection. */
async function poolAt(
  reply: (socket: Socket, requestOfConnection: number) => void,
  options: { connections?: number; timeoutMs?: number } = {},
) {
  const server = await serveTcp((socket) => {
    let requests = 0;
    socket.on('data', () => reply(socket, ++requests));
  });
  const pool = openHttp1Pool(
    { ...parseLoopback(server.address), tls: false },
    { connections: 1, insecure: false, timeoutMs: 5000, onConnectFailure: () => undefined, ...options },
  );
  cleanUps.push(pool.close, server.close);
  return { pool, server };
}

function answer(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
}

function ask(pool: Http1Pool): Promise<string> {
  return new Promise((resolve) => {
    pool.ask({
      bytes: Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      onSent: () => undefined,
      onResponse: (response) => resolve(response === 'malformed' ? response : response.body.toString()),
    });
  });
}

describe('http/1.1 pool', () => {
  it('asks one question after the other over the connections it may have', async () => {
    const { pool, server } = await poolAt(answer, { connections: 2 });
    expect(await Promise.all(Array.from({ length: 50 }, () => ask(pool)))).toEqual(new Array(50).fill('ok'));
    expect(server.accepted()).toBe(2);
  });

  it('asks again when a connection that was idle turns out to be closed', async () => {
    const { pool, server } = await poolAt((socket, request) => {
      if (request === 1) answer(socket);
      else socket.destroy();
    });
    for (let i = 0; i < 5; i++) expect(await ask(pool)).toBe('ok');
    expect(server.accepted()).toBeGreaterThan(1);
  });

  it('leaves a connection that talks nonsense', async () => {
    const { pool, server } = await poolAt((socket) => socket.write('\r\n\r\nHTTP?'));
    expect([await ask(pool), await ask(pool)]).toEqual(['malformed', 'malformed']);
    expect(server.accepted()).toBe(2);
  });

  it('gives a silent connection up, and whatever waits for it', async () => {
    const { pool, server } = await poolAt(() => undefined, { timeoutMs: 60 });
    const sent: boolean[] = [];
    for (let i = 0; i < 3; i++) {
      pool.ask({
        bytes: Buffer.from('x'),
        onSent: (ok) => sent.push(ok),
        onResponse: () => sent.push(false),
      });
    }
    await expect.poll(() => sent).toEqual([true, true, true]);
    await expect.poll(() => server.open.size).toBe(0);
  });
});
