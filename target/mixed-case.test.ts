import { afterEach, beforeEach, expect, it } from 'vitest';
import { decode, queryPacket, responsePacket } from './fixtures/messages.js';
import { startTestNode, type TestNode } from './fixtures/node.js';
import { openClient, openStubUpstream, type StubUpstream, type UdpClientSocket } from './fixtures/sockets.js';
import { openStreamStub, type StreamStub } from './fixtures/stream-stub.js';

let stream: StreamStub;
let datagrams: StubUpstream;
let node: TestNode;
let client: UdpClientSocket;
/** What the forwarder does with the letters of the question. */
let write: (name: string) => string;

const answer = (packet: Buffer, data: string, change: (name: string) => string): Buffer => {
  const name = change(decode(packet).questions?.[0]?.name ?? '');
  return responsePacket({ name, answers: [{ name, type: 'A', ttl: 60, data }] }, packet.readUInt16BE(0));
};

beforeEach(async () => {
  stream = await openStreamStub((packet) => answer(packet, '192.0.2.1', (name) => name));
  datagrams = await openStubUpstream((packet) => answer(packet, '192.0.2.66', write), stream.endpoint.port);
  node = await startTestNode([datagrams.endpoint], ['enable_0x20 = true', 'forward_timeout_sec = 2']);
  client = await openClient(node.dns);
});
afterEach(async () => {
  client.close();
  await node.close();
  datagrams.close();
  stream.close();
});

const NAME = 'a-name-of-many-letters.example';
const asked = (): readonly string[] =>
  datagrams.received.map((packet) => decode(packet).questions?.[0]?.name ?? '');

it('a name is sent in letters of random case, another each time, and comes back as the client wrote it', async () => {
  write = (name) => name;
  for (let index = 0; index < 4; index += 1) {
    const response = decode(await client.ask(queryPacket(`${index}-A-${NAME}`)));
    expect(response).toMatchObject({
      questions: [{ name: `${index}-A-${NAME}` }],
      answers: [{ data: '192.0.2.66' }],
    });
  }
  const suffixes = asked().map((name) => name.slice(4));
  expect(new Set(suffixes).size).toBeGreaterThan(1);
  expect(suffixes.map((name) => name.toLowerCase())).toEqual(Array.from({ length: 4 }, () => NAME));
});

it('a response in other letters is not believed: the question is asked again over TCP', async () => {
  write = (name) => name.toLowerCase();
  expect(decode(await client.ask(queryPacket(NAME))).answers).toMatchObject([{ data: '192.0.2.1' }]);
  expect((await node.health()).counters).toMatchObject({ upstreamCaseMismatches: 1, upstreamFailures: 0 });
  expect(datagrams.received).toHaveLength(1);
});
