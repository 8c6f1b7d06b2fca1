import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runUntil } from '../fixtures/flood-setup.js';
import type { LoadDriver } from '../load-driver.js';
import { openDriver } from '../open-driver.js';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function driverAt(handle: RequestListener, bodyBytes: number): Promise<LoadDriver> {
  const server = createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const driver = await openDriver(
    {
      kind: 'large-bodies',
      ratePerSec: 50,
      bodyBytes,
      bytesPerSec: 2 ** 20,
      timeoutMs: 1_000,
    },
    { doh: `http://127.0.0.1:${port}/dns-query` },
    () => undefined,
  );
  cleanUps.push(driver.close);
  return driver;
}

describe('large bodies', () => {
  it('are sent as long as they were announced, to a server that reads them', async () => {
    const read: number[] = [];
    const driver = await driverAt((request) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      request.on('end', () => read.push(bytes));
    }, 200_000);
    await runUntil(driver, ({ answered }) => answered >= 5);
    await expect.poll(() => read.length).toBeGreaterThanOrEqual(5);
    await driver.stop();
    expect(new Set(read)).toEqual(new Set([200_000]));
  });

  it('end where the server turns them away, which is as it should be', async () => {
    let received = 0;
    const driver = await driverAt((request, response) => {
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      response.writeHead(413).end();
    }, 2 ** 30);
    await runUntil(driver, ({ answered }) => answered >= 5);
    const { counters } = await driver.stop();
    expect(counters).toMatchObject({ wrong: 0, timeouts: 0 });
    expect(received).toBeLessThan(counters.offered * 1_000_000);
  });
});
