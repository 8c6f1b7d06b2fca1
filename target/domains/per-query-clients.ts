import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { Answer, TtlCaps } from '../dns/answer.js';
import { newQuestion } from '../dns/in-flight.js';
import { forwarderForm, MAX_QUERY_BYTES, readResponse, writeQuery } from '../dns/upstream-message.js';
import { HEADER_BYTES } from '../dns/wire.js';
import { type Endpoint, socketType } from '../endpoint.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { DELEGATION_STRUCTURE, type Delegation } from './delegation.js';

/** How long seed 000's client waits, and how long after that its reader notices that it was stopped. */
const TIMEOUT_MS = 5000;
const LINGER_MS = 500;

/**
 * Seed 000's way with delegated domains: a network client of its own for every query, with two sockets, which stay
 * open until the answer or 5 s have come and half a second more. A name server that says nothing costs the rate of
 * queries times 11 descriptors.
 */
export class PerQueryClients implements Delegation {
  private readonly ttlCaps: TtlCaps;
  private readonly clients = new Map<Socket, NodeJS.Timeout>();

  constructor(ttlCaps: TtlCaps) {
    this.ttlCaps = ttlCaps;
  }

  ask(server: Endpoint, key: string, onDone: (answer: Answer | null) => void): void {
    const [asking, spare] = [createSocket(socketType(server)), createSocket('udp4')];
    let isDone = false;
    const finish = (answer: Answer | null): void => {
      if (isDone) return;
      isDone = true;
      for (const socket of [asking, spare]) this.closeIn(socket, LINGER_MS);
      onDone(answer);
    };
    const query = { question: newQuestion(key, onDone), sent: key, edns: false, sentAtMs: 0 };
    const id = randomInt(0x1_0000);
    asking.on('message', (message) => {
      if (message.length < HEADER_BYTES || message.readUInt16BE(0) !== id) return;
      const reading = readResponse(message, query, this.ttlCaps);
      if (reading !== 'unrelated') finish(typeof reading === 'object' ? reading : null);
    });
    for (const socket of [asking, spare]) {
      socket.on('error', () => finish(null));
      this.clients.set(
        socket,
        setTimeout(() => finish(null), TIMEOUT_MS),
      );
    }
    spare.bind();
    const message = Buffer.allocUnsafe(MAX_QUERY_BYTES);
    const length = writeQuery(message, id, key, forwarderForm(false));
    asking.send(message, 0, length, server.port, server.address, () => undefined);
  }

  structures(): readonly StructureSize[] {
    return [countedStructure(DELEGATION_STRUCTURE, this.clients.size / 2, null)];
  }

  close(): void {
    for (const [socket, timer] of this.clients) {
      clearTimeout(timer);
      socket.close();
    }
    this.clients.clear();
  }

  private closeIn(socket: Socket, delayMs: number): void {
    clearTimeout(this.clients.get(socket));
    this.clients.set(
      socket,
      setTimeout(() => {
        this.clients.delete(socket);
        socket.close();
      }, delayMs),
    );
  }
}
