import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { GaugeName } from '../../core/gauge.js';
import type { Warning } from '../../core/warning.js';
import { type GaugeReaderOptions, openGaugeReader } from './gauge-reader.js';
import { pprofSource, textSource } from './gauge-source.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function serve(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** A reader of some sources with what it told the run. */
function reader(sources: GaugeReaderOptions['sources'], more: Partial<GaugeReaderOptions> = {}) {
  const columns: (readonly GaugeName[])[] = [];
  const warnings: Warning[] = [];
  const opened = openGaugeReader({
    sources,
    everyMs: 1000,
    only: [],
    asked: [],
    onColumns: (names) => columns.push(names),
    onWarning: (warning) => warnings.push(warning),
    ...more,
  });
  return { ...opened, columns, warnings };
}

test('each answer is handed on once, and a scrape waits for its period', async () => {
  let scrapes = 0;
  const { url } = await serve((_, response) => response.end(`jobs ${++scrapes}\n`));
  const { ask, take, close, columns } = reader([textSource(`${url}/metrics`)]);
  await ask(0);
  expect(take()).toEqual({ 'gauge.jobs': 1 });
  expect(take()).toEqual({});
  await ask(500);
  expect(scrapes).toBe(1);
  await ask(1000);
  expect(take()).toEqual({ 'gauge.jobs': 2 });
  expect(columns).toEqual([['gauge.jobs']]);
  expect(close()).toEqual([]);
});

test('no connection stays open between two scrapes', async () => {
  const { url, server } = await serve((_, response) => response.end('{"a": 1}'));
  const { ask, take } = reader([textSource(`${url}/health`)]);
  await ask(0);
  expect(take()).toEqual({ 'gauge.a': 1 });
  const open = await new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
  expect(open).toBeLessThanOrEqual(1);
  await expect.poll(() => new Promise((resolve) => server.getConnections((_, n) => resolve(n)))).toBe(0);
});

test('gauges that come later are dropped with one warning', async () => {
  let scrapes = 0;
  const { url } = await serve((_, response) => response.end(++scrapes === 1 ? 'a 1\n' : 'a 1\nb 2\nc 3\n'));
  const { ask, take, warnings } = reader([textSource(url)]);
  await ask(0);
  await ask(1000);
  await ask(2000);
  expect(take()).toEqual({ 'gauge.a': 1 });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]?.message).toMatch(/did not have, and they are not kept: b, c$/);
});

test.each<[string, RequestListener, RegExp]>([
  ['an error', (_, response) => response.writeHead(503).end(), /it answers with status 503$/],
  ['a page', (_, response) => response.end('<html>'), /neither Prometheus text nor JSON$/],
  ['too much', (_, response) => response.end(Buffer.alloc(9 * 2 ** 20, 'a')), /longer than 8388608 bytes$/],
  [
    'another address',
    (_, response) => response.writeHead(302, { location: 'http://192.0.2.1/' }).end(),
    /it answers with status 302$/,
  ],
])('%s instead of figures leaves the cells empty and says why at the end', async (_, listener, why) => {
  const { url } = await serve(listener);
  const { ask, take, close } = reader([textSource(url)]);
  await ask(0);
  expect(take()).toEqual({});
  const [warning] = close();
  expect(warning).toMatchObject({ id: 'gauges-unread', concerns: 'note' });
  expect(warning?.message).toMatch(why);
});

test('a server that is silent is given up, and asked again only after that', async () => {
  let asked = 0;
  const { url } = await serve(() => void asked++);
  const { ask, close } = reader([textSource(url)]);
  const first = ask(0);
  expect(ask(5000)).toBe(first);
  await first;
  expect(asked).toBe(1);
  expect(close()[0]?.message).toMatch(/no answer within 2000 ms$/);
});

test('a source that answers later gets its columns later', async () => {
  let ready = false;
  const slow = await serve((_, response) =>
    ready ? response.end('late 1\n') : response.writeHead(503).end(),
  );
  const quick = await serve((_, response) => response.end('early 1\n'));
  const { ask, take, columns } = reader([textSource(slow.url), textSource(quick.url)]);
  await ask(0);
  expect(take()).toEqual({ 'gauge.early': 1 });
  ready = true;
  await ask(1000);
  expect(take()).toEqual({ 'gauge.early': 1, 'gauge.late': 1 });
  expect(columns).toEqual([['gauge.early'], ['gauge.early', 'gauge.late']]);
});

test('a gauge that was asked for and is not shown is named, with those that are', async () => {
  const { url } = await serve((_, response) => response.end('a 1\nb 2\n'));
  const { ask, close } = reader([textSource(url)], { asked: ['gauge.c'] });
  await ask(0);
  expect(close().map(({ message }) => message)).toEqual([
    'the target shows no gauge.c; it shows gauge.a, gauge.b',
  ]);
});

test.each(['', '/', '/debug/pprof/'])(
  'a Go process is read by its base address, given as "%s"',
  async (path) => {
    const { url } = await serve(({ url: asked }, response) => {
      if (asked === '/debug/pprof/goroutine?debug=1') response.end('goroutine profile: total 12\n');
      else if (asked === '/debug/pprof/heap?debug=1') response.end('heap profile: …\n# HeapInuse = 4096\n');
      else response.writeHead(404).end();
    });
    const { ask, take } = reader([pprofSource(url + path)]);
    await ask(0);
    expect(take()).toEqual({ 'gauge.go.goroutines': 12, 'gauge.go.heap_inuse': 4096 });
  },
);
