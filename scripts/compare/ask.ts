import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { Question } from './questions.js';

const TIMEOUT_MS = 3000;

/** Puts a question to a resolver on loopback; null when no response came in time. */
export function ask(port: number, question: Question, id: number): Promise<Buffer | null> {
  const message = queryOf(question, id);
  return question.transport === 'udp' ? byUdp(port, message) : byTcp(port, message);
}

/** The question's text for people: name, type, and how it is asked. */
export function describe({ labels, type, transport, ednsBytes }: Question): string {
  const name = JSON.stringify(labels.join('.')).slice(1, -1);
  return `${name} TYPE${type} by ${transport}${ednsBytes === null ? '' : `, ${ednsBytes} bytes`}`;
}

function queryOf({ labels, type, ednsBytes }: Question, id: number): Buffer {
  const name = labels.map((label) => String.fromCharCode(label.length) + label).join('');
  const head = Buffer.from([id >>> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, ednsBytes === null ? 0 : 1]);
  const tail = Buffer.from([0, type >>> 8, type & 255, 0, 1]);
  const opt =
    ednsBytes === null ? [] : [Buffer.from([0, 0, 41, ednsBytes >>> 8, ednsBytes & 255, 0, 0, 0, 0, 0, 0])];
  return Buffer.concat([head, Buffer.from(name, 'latin1'), tail, ...opt]);
}

function byUdp(port: number, message: Buffer): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const finish = (response: Buffer | null): void => {
      clearTimeout(timer);
      socket.close();
      resolve(response);
    };
    const timer = setTimeout(() => finish(null), TIMEOUT_MS);
    socket.once('message', finish);
    socket.send(message, port, '127.0.0.1');
  });
}

function byTcp(port: number, message: Buffer): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received = Buffer.alloc(0);
    const finish = (response: Buffer | null): void => {
      socket.destroy();
      resolve(response);
    };
    socket.setTimeout(TIMEOUT_MS, () => finish(null));
    socket.on('error', () => finish(null));
    socket.on('close', () => finish(null));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const end = received.length < 2 ? Number.POSITIVE_INFINITY : 2 + received.readUInt16BE(0);
      if (received.length >= end) finish(received.subarray(2, end));
    });
    socket.write(Buffer.concat([Buffer.from([message.length >>> 8, message.length & 255]), message]));
  });
}
