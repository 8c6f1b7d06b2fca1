import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { decode, queryPacket, responsePacket } from './fixtures/messages.js';
import { startTestNode, type TestNode } from './fixtures/node.js';
import { openClient, openStubUpstream, type StubUpstream } from './fixtures/sockets.js';
import { openStreamStub, type StreamStub } from './fixtures/stream-stub.js';

const UPSTREAM_CONNECTIONS = 'dns-upstream-connections';
let stream: StreamStub;
let datagrams: StubUpstream;

beforeEach(async () => {
  stream = await openStreamStub(() => null);
  datagrams = await openStubUpstream((query) => {
    const name = decode(query).questions?.[0]?.name ?? '';
    const response = responsePacket({ name }, query.readUInt16BE(0));
    response.writeUInt16BE(0x8200, 2);
    return response;
  }, stream.endpoint.port);
});
afterEach(() => {
  datagrams.close();
  stream.close();
});

/** Asks for names whose answers are cut short by UDP, and never come over TCP. */
async function askInVain(node: TestNode, count: number): Promise<void> {
  const client = await openClient(node.dns);
  for (let index = 0; index < count; index += 1) client.send(queryPacket(`n${index}.test`));
  await vi.waitFor(() => expect(stream.sockets.size).toBe(count));
  client.close();
}

it('gives up on an upstream that says nothing over TCP', async () => {
  const node = await startTestNode([datagrams.endpoint], ['forward_timeout_sec = 0.3']);
  await askInVain(node, 20);
  await vi.waitFor(() => expect(stream.sockets.size).toBe(0));
  expect(await node.entries(UPSTREAM_CONNECTIONS)).toBe(0);
  expect(await node.entries('dns-questions')).toBe(0);
  await node.close();
});

it('waits for ever with the fault tcp-fallback-stall, until it stops', async () => {
  const node = await startTestNode(
    [datagrams.endpoint],
    ['forward_timeout_sec = 0.1'],
    ['tcp-fallback-stall'],
  );
  await askInVain(node, 20);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(await node.entries(UPSTREAM_CONNECTIONS)).toBe(20);
  expect(await node.entries('dns-questions')).toBe(20);
  await node.close();
  await vi.waitFor(() => expect(stream.sockets.size).toBe(0));
});
