import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rowOf, verdictOf } from './fixtures/rows.js';
import { type IssueTracker, reportLeaks } from './issues.js';

/** What was asked of the tracker: method, path without its query, and body. */
let asked: { call: string; body: Record<string, unknown>; authorization: string | undefined }[];
let open: { number: number; body: string }[];
let status: number;
let server: Server;
let tracker: IssueTracker;

beforeEach(async () => {
  [asked, open, status] = [[], [], 200];
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const call = `${request.method} ${request.url?.split('?')[0]}`;
    const { authorization } = request.headers;
    asked.push({ call, authorization, body: text === '' ? {} : JSON.parse(text) });
    response.writeHead(status).end(JSON.stringify(request.method === 'GET' ? open : { number: 7 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const apiUrl = `http://127.0.0.1:${port}`;
  tracker = { apiUrl, repository: 'owner/name', token: 'secret', nightUrl: 'https://ci.example/1' };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('a new leak opens an issue that the next night finds again', async () => {
  expect(await reportLeaks([rowOf(verdictOf(8))], tracker)).toEqual(['udp-flood/live-heap: opened issue 7']);
  expect(asked.map(({ call }) => call)).toEqual([
    'GET /repos/owner/name/issues',
    'POST /repos/owner/name/issues',
  ]);
  expect(asked.every(({ authorization }) => authorization === 'Bearer secret')).toBe(true);
  const made = asked[1]?.body as { title: string; body: string };
  expect(made.title).toBe('Leak: udp-flood/live-heap');
  expect(made.body).toContain('https://ci.example/1');

  open = [{ number: 7, body: made.body }];
  expect(await reportLeaks([rowOf(verdictOf(9))], tracker)).toEqual([
    'udp-flood/live-heap: added to issue 7',
  ]);
  expect(asked.at(-1)?.call).toBe('POST /repos/owner/name/issues/7/comments');
});

test('a night without a leak does not speak to the tracker', async () => {
  expect(await reportLeaks([rowOf(verdictOf(0))], tracker)).toEqual([]);
  expect(asked).toEqual([]);
});

test('a tracker that refuses is an error that names what was asked', async () => {
  status = 403;
  await expect(reportLeaks([rowOf(verdictOf(8))], tracker)).rejects.toThrow(/GET owner\/name\/issues.*: 403/);
});
