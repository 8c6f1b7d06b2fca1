/** A WebSocket client for the inspector of Node: text only, no extension, over node:http (RFC 6455). */
import { createHash, randomBytes } from 'node:crypto';
import { get } from 'node:http';
import type { Socket } from 'node:net';

/** An open WebSocket. */
export interface TextSocket {
  send(text: string): void;
  /** Says good-bye and ends the connection. */
  close(): void;
}

/** What the other side does. */
export interface TextSocketEvents {
  readonly onText: (text: string) => void;
  /** Called once, by whichever side it was ended. */
  readonly onClosed: () => void;
}

/** Frame types (RFC 6455 §5.2). */
const OPCODE = { more: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

/** Appended to the key for the server's proof that it speaks this protocol (RFC 6455 §1.3). */
const PROOF_SALT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const FIN = 0x80;
const MASKED = 0x80;
const OPCODE_BITS = 0x0f;
const LENGTH_BITS = 0x7f;
/** Lengths from here on stand in two bytes behind, or in eight. */
const LENGTH_IN_TWO = 126;
const LENGTH_IN_EIGHT = 127;

/** Longest message taken; more than this is no answer to what we ask. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** Connects to a `ws:` address. Rejects when nothing there speaks WebSocket, or not within `timeoutMs`. */
export function openTextSocket(
  address: string,
  events: TextSocketEvents,
  timeoutMs: number,
): Promise<TextSocket> {
  const key = randomBytes(16).toString('base64');
  const proof = createHash('sha1').update(`${key}${PROOF_SALT}`).digest('base64');
  return new Promise((resolve, reject) => {
    const request = get(address.replace(/^ws:/, 'http:'), {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': key,
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    request.once('error', reject);
    request.once('response', (response) => {
      response.destroy();
      reject(new Error(`${address} answered with status ${response.statusCode} instead of a WebSocket`));
    });
    request.once('upgrade', (response, socket, head) => {
      if (response.headers['sec-websocket-accept'] !== proof) {
        socket.destroy();
        reject(new Error(`${address} does not speak WebSocket`));
        return;
      }
      resolve(attach(socket as Socket, head, events));
    });
  });
}

function attach(socket: Socket, head: Buffer, { onText, onClosed }: TextSocketEvents): TextSocket {
  let waiting: Buffer = head;
  let message: Buffer[] = [];
  const write = (opcode: number, payload: Buffer): void => void socket.write(frame(opcode, payload));

  const receive = (chunk: Buffer): void => {
    waiting = Buffer.concat([waiting, chunk]);
    for (let next = readFrame(waiting); next !== null; next = readFrame(waiting)) {
      waiting = waiting.subarray(next.bytes);
      if (next.opcode === OPCODE.ping) write(OPCODE.pong, next.payload);
      if (next.opcode === OPCODE.close) socket.end();
      if (next.opcode !== OPCODE.text && next.opcode !== OPCODE.more) continue;
      message.push(next.payload);
      if (!next.last) continue;
      const text = Buffer.concat(message).toString('utf8');
      message = [];
      onText(text);
    }
    if (waiting.length + message.reduce((sum, part) => sum + part.length, 0) > MAX_MESSAGE_BYTES) {
      socket.destroy();
    }
  };
  socket.on('data', receive);
  socket.on('error', () => socket.destroy());
  socket.once('close', onClosed);
  receive(Buffer.alloc(0));
  return {
    send: (text) => write(OPCODE.text, Buffer.from(text)),
    close: () => {
      write(OPCODE.close, Buffer.alloc(0));
      socket.end();
    },
  };
}

/** One whole frame from a client, which must mask what it sends (RFC 6455 §5.3). */
function frame(opcode: number, payload: Buffer): Buffer {
  const short = payload.length < LENGTH_IN_TWO;
  const header = Buffer.alloc(short ? 2 : 4);
  header[0] = FIN | opcode;
  header[1] = MASKED | (short ? payload.length : LENGTH_IN_TWO);
  if (!short) header.writeUInt16BE(payload.length, 2);
  const mask = randomBytes(4);
  return Buffer.concat([header, mask, payload.map((byte, i) => byte ^ (mask[i % 4] as number))]);
}

interface Frame {
  readonly opcode: number;
  readonly last: boolean;
  readonly payload: Buffer;
  /** Of the frame with its header. */
  readonly bytes: number;
}

/** The frame that a buffer begins with; null while it is not whole. */
function readFrame(buffer: Buffer): Frame | null {
  if (buffer.length < 2) return null;
  const [first = 0, second = 0] = buffer;
  let start = 2;
  let length = second & LENGTH_BITS;
  if (length === LENGTH_IN_TWO) {
    if (buffer.length < 4) return null;
    length = buffer.readUInt16BE(2);
    start = 4;
  } else if (length === LENGTH_IN_EIGHT) {
    if (buffer.length < 10) return null;
    length = Number(buffer.readBigUInt64BE(2));
    start = 10;
  }
  if (buffer.length < start + length) return null;
  const payload = buffer.subarray(start, start + length);
  return { opcode: first & OPCODE_BITS, last: (first & FIN) !== 0, payload, bytes: start + length };
}
