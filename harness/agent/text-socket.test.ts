import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openTextSocket, type TextSocket } from './text-socket.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Frames of a server, which are not masked. */
function frame(first: number, payload: Buffer): Buffer {
  const length =
    payload.length < 126
      ? Buffer.from([payload.length])
      : Buffer.from([127, 0, 0, 0, 0, 0, ...[16, 8, 0].map((bits) => (payload.length >> bits) & 255)]);
  return Buffer.concat([Buffer.from([first]), length, payload]);
}

interface Both {
  readonly client: TextSocket;
  readonly peer: Socket;
  readonly texts: string[];
  readonly closed: Promise<void>;
}

async function connect(early: Buffer = Buffer.alloc(0)): Promise<Both> {
  const listening = createServer();
  server = listening;
  const peers: Socket[] = [];
  listening.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    const head = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
    socket.write(Buffer.concat([Buffer.from(head), early]));
    peers.push(socket as Socket);
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const texts: string[] = [];
  let onClosed = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    onClosed = resolve;
  });
  const { port } = listening.address() as AddressInfo;
  const events = { onText: (text: string) => void texts.push(text), onClosed };
  const client = await openTextSocket(`ws://127.0.0.1:${port}/x`, events, 1_000);
  return { client, peer: peers[0] ?? expect.fail('no peer'), texts, closed };
}

test('a message comes whole, in one frame or many, however the bytes are cut', async () => {
  const { client, peer, texts, closed } = await connect(frame(0x81, Buffer.from('early')));
  const long = Buffer.from(`${'ä'.repeat(40_000)}end`);
  const bytes = Buffer.concat([
    frame(0x01, long.subarray(0, 70_001)),
    frame(0x89, Buffer.from('are you there')),
    frame(0x80, long.subarray(70_001)),
    frame(0x81, Buffer.from('short')),
  ]);
  for (let at = 0; at < bytes.length; at += 7_001) peer.write(bytes.subarray(at, at + 7_001));
  const [pong] = (await once(peer, 'data')) as [Buffer];
  expect((pong[0] as number) & 0x0f).toBe(10);
  peer.end(frame(0x88, Buffer.alloc(0)));
  await closed;
  expect(texts).toEqual(['early', long.toString(), 'short']);
  client.close();
});

test.each([5, 125, 126, 60_000])('what we send is masked: %i bytes', async (length) => {
  const { client, peer } = await connect();
  client.send('x'.repeat(length));
  const short = length < 126;
  const size = (short ? 6 : 8) + length;
  let got: Buffer = Buffer.alloc(0);
  while (got.length < size) got = Buffer.concat([got, ((await once(peer, 'data')) as [Buffer])[0]]);
  const start = short ? 2 : 4;
  expect(got[0]).toBe(0x81);
  expect(got[1]).toBe(0x80 | (short ? length : 126));
  const mask = got.subarray(start, start + 4);
  const text = got.subarray(start + 4).map((byte, i) => byte ^ (mask[i % 4] as number));
  expect(Buffer.from(text).toString()).toBe('x'.repeat(length));
  client.close();
});

test('a server that speaks HTTP alone is refused', async () => {
  const listening = createServer((_request, response) => response.end('hello'));
  server = listening;
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const events = { onText: () => undefined, onClosed: () => undefined };
  await expect(openTextSocket(`ws://127.0.0.1:${port}/`, events, 1_000)).rejects.toThrow(/status 200/);
});
