import type { Socket } from 'node:net';
import type { Answer } from './answer.js';
import type { Held } from './connection-table.js';
import { FrameReader, MAX_STREAM_QUERY_BYTES, PREFIX_BYTES } from './frame-reader.js';
import type { Echo, Query } from './query.js';
import type { Client } from './resolver.js';
import { writeAnswer, writeError } from './response.js';
import { MAX_MESSAGE_BYTES, OPT_BYTES } from './wire.js';

/** Queries of one connection that may wait for their answers; beyond it no more is read until some are answered. */
const MAX_OPEN_QUERIES = 100;
/** Answers that the client has not taken yet, in bytes: beyond the first no more is read, beyond the second it is closed. */
const PAUSE_AT_BYTES = 64 << 10;
const CLOSE_AT_BYTES = 256 << 10;

/** Answers are built here, behind room for the prefix, and copied at their exact length. */
const scratch = Buffer.allocUnsafeSlow(PREFIX_BYTES + MAX_MESSAGE_BYTES + OPT_BYTES);
const scratchMessage = scratch.subarray(PREFIX_BYTES);

/** Told of what happens on a connection. */
export interface TcpConnectionListener {
  onMessage(connection: TcpConnection, message: Buffer): void;
  /** The client ended its half of the stream without ever completing a query. */
  onEmpty(connection: TcpConnection): void;
  /** An answer was dropped: the client does not read what it asked for. */
  onUnsent(connection: TcpConnection): void;
}

/**
 * One client's connection: reads pipelined queries, sends each answer when it is there (RFC 7766 §6.2.1.1 lets them
 * overtake each other), and stops reading while the client asks faster than it reads.
 */
export class TcpConnection implements Held {
  /** Distinguishes it from the others of its server. */
  readonly number: number;
  readonly address: string;
  openQueries = 0;
  queryCount = 0;
  /** When it was last of use: opened, a complete query read, or an answer sent; drips of a query do not count. */
  sentAtMs: number;
  private readonly socket: Socket;
  private readonly listener: TcpConnectionListener;
  private readonly frames = new FrameReader(MAX_STREAM_QUERY_BYTES);
  private ended = false;

  constructor(socket: Socket, number: number, openedAtMs: number, listener: TcpConnectionListener) {
    this.number = number;
    this.socket = socket;
    this.address = socket.remoteAddress ?? '';
    this.sentAtMs = openedAtMs;
    this.listener = listener;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.onData(chunk));
    socket.on('end', () => this.onEnd());
    socket.on('drain', () => this.resumeReading());
  }

  /** Sends a message of up to `MAX_MESSAGE_BYTES` that `write` puts into its argument, returning the length. */
  send(write: (out: Buffer) => number): void {
    const { socket } = this;
    if (socket.destroyed) return;
    const length = write(scratchMessage);
    if (socket.writableLength + length > CLOSE_AT_BYTES) {
      this.listener.onUnsent(this);
      this.destroy();
      return;
    }
    scratch.writeUInt16BE(length, 0);
    socket.write(Buffer.from(scratch.subarray(0, PREFIX_BYTES + length)));
  }

  /** A query begins to wait. */
  begin(): void {
    this.openQueries += 1;
    if (this.openQueries >= MAX_OPEN_QUERIES) this.socket.pause();
  }

  /** A query was answered. */
  finish(): void {
    this.openQueries -= 1;
    if (this.ended) this.endWhenDone();
    else this.resumeReading();
  }

  /** Ends our half of the stream as soon as no query waits for its answer. */
  endWhenAnswered(): void {
    this.ended = true;
    this.endWhenDone();
  }

  /** Closes at once; what the client has not taken yet is lost. */
  destroy(): void {
    this.socket.destroy();
  }

  private onData(chunk: Buffer): void {
    const result = this.frames.read(chunk, (message) => {
      this.queryCount += 1;
      this.listener.onMessage(this, message);
    });
    if (result === 'too-long') this.listener.onEmpty(this);
    if (result === 'too-long') this.destroy();
    else if (this.socket.writableLength > PAUSE_AT_BYTES) this.socket.pause();
  }

  private onEnd(): void {
    if (this.queryCount === 0 || this.frames.isMidMessage) this.listener.onEmpty(this);
    this.endWhenAnswered();
  }

  private endWhenDone(): void {
    if (this.openQueries === 0) this.socket.end();
  }

  private resumeReading(): void {
    if (this.openQueries < MAX_OPEN_QUERIES && this.socket.writableLength <= PAUSE_AT_BYTES) {
      this.socket.resume();
    }
  }
}

/** One query that came by a connection. */
export class TcpClient implements Client {
  readonly query: Query;
  private readonly connection: TcpConnection;

  constructor(query: Query, connection: TcpConnection) {
    this.query = query;
    this.connection = connection;
    connection.begin();
  }

  reply(answer: Answer, ageSec: number): void {
    this.connection.send((out) => writeAnswer(out, this.query, answer, ageSec));
    this.connection.finish();
  }

  fail(rcode: number): void {
    sendError(this.connection, this.query, rcode);
    this.connection.finish();
  }
}

/** Sends a response without records. */
export function sendError(connection: TcpConnection, echo: Echo, rcode: number): void {
  connection.send((out) => writeError(out, echo, rcode));
}
