import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { parseLoopback } from '../../harness/load/loopback-address.js';
import { makeChain } from '../../harness/load/peer/chain/make-chain.js';
import { createHostileCrowd } from './hostile-crowd.js';

it('attackers give up on a node that is gone, and have sent nothing', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const chain = makeChain({ blocks: 20, difficulty: 1, seed: 1 });
  const crowd = createHostileCrowd(parseLoopback(`127.0.0.1:${port}`), chain, 1);
  await expect(crowd.sendUntil(10_000)).rejects.toThrow(`127.0.0.1:${port} takes no connection any more`);
  expect(crowd.total()).toBe(0);
});
