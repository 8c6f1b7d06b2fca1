import { type ClientHttp2Session, connect } from 'node:http2';
import { describeConnectFailure } from '../connect-failure.js';
import type { DohTarget } from './doh-target.js';
import { type Http1Options, openHttp1Pool } from './http1-pool.js';
import type { LaneListener, QuestionLanes } from './question-lanes.js';

/** How DNS over HTTPS (RFC 8484) is spoken. */
export interface DohOptions extends Http1Options {
  readonly http: '1.1' | '2';
}

const MEDIA_TYPE = 'application/dns-message';
/** A DNS message cannot be longer; what comes beyond is not read. */
const MAX_ANSWER_BYTES = 0xffff;

/** Takes the chunks of one answer and delivers the whole, or only its id when the server gave no DNS message. */
interface AnswerReader {
  /** False when the answer is too long already: then it has been judged, and the rest need not come. */
  chunk(bytes: Buffer): boolean;
  end(status: number | undefined, type: string | undefined): void;
}

/**
 * Lanes over HTTP, which share connections of HTTP/2, or of HTTP/1.1 with keep-alive: how many there are must not
 * depend on how many ids are needed. Questions are sent by POST. A response that is no DNS message is a wrong answer; none at all times out.
 */
export function openDohLanes(
  to: DohTarget,
  count: number,
  onMessage: LaneListener,
  options: DohOptions,
): QuestionLanes {
  const open = options.http === '2' ? openHttp2(to, options) : openHttp1(to, options);
  const lanes = Array.from({ length: count }, (_, lane) =>
    open((question) => readerOf(question, (answer) => onMessage(lane, answer))),
  );
  return {
    send: (lane, message, done) => lanes[lane]?.send(message, done),
    kernelDrops: () => null,
    close() {
      for (const lane of lanes) lane.close();
    },
  };
}

function readerOf(question: Buffer, deliver: (answer: Buffer) => void): AnswerReader {
  const chunks: Buffer[] = [];
  let length = 0;
  const isTooLong = (): boolean => length > MAX_ANSWER_BYTES;
  return {
    chunk(bytes) {
      length += bytes.length;
      if (!isTooLong()) chunks.push(bytes);
      else deliver(question.subarray(0, 2));
      return !isTooLong();
    },
    end(status, type) {
      if (isTooLong()) return;
      const isMessage = status === 200 && type === MEDIA_TYPE;
      deliver(isMessage ? Buffer.concat(chunks) : question.subarray(0, 2));
    },
  };
}

interface DohLane {
  send(message: Buffer, done: (sent: boolean) => void): void;
  close(): void;
}

type MakeReader = (question: Buffer) => AnswerReader;

/** Sessions that all lanes share in turn, each opened when it is needed and again when it has ended. */
function openHttp2(to: DohTarget, options: DohOptions): (makeReader: MakeReader) => DohLane {
  const sessions = Array.from({ length: options.connections }, () => openSession(to, options));
  let turn = 0;
  return (makeReader) => ({
    send: (message, done) => sessions[turn++ % sessions.length]?.send(message, makeReader(message), done),
    close() {
      for (const session of sessions) session.close();
    },
  });
}

/** One connection of HTTP/2. */
function openSession(
  to: DohTarget,
  options: DohOptions,
): { send(message: Buffer, reader: AnswerReader, done: (sent: boolean) => void): void; close(): void } {
  const { insecure, timeoutMs, onConnectFailure } = options;
  let session: ClientHttp2Session | null = null;
  let closed = false;

  const connected = (): ClientHttp2Session => {
    if (session !== null && !session.closed && !session.destroyed) return session;
    const opened = connect(to.origin, { rejectUnauthorized: !insecure });
    // Its streams end with it, and their questions time out; the next question opens another one.
    opened.on('error', (error) => onConnectFailure(describeConnectFailure(error)));
    session = opened;
    return opened;
  };

  return {
    send(message, reader, done) {
      if (closed) {
        done(false);
        return;
      }
      const stream = connected().request({
        ':method': 'POST',
        ':path': to.path,
        'content-type': MEDIA_TYPE,
        accept: MEDIA_TYPE,
        'content-length': message.length,
      });
      let status: number | undefined;
      let type: string | undefined;
      stream.on('response', (headers) => {
        status = headers[':status'];
        type = headers['content-type'];
      });
      stream.on('data', (bytes: Buffer) => {
        if (!reader.chunk(bytes)) stream.close();
      });
      stream.on('end', () => {
        if (status !== undefined) reader.end(status, type);
      });
      stream.on('error', () => undefined);
      stream.setTimeout(timeoutMs, () => stream.close());
      stream.end(message);
      // The session queues what it cannot send yet: from here on the target is waited for.
      done(true);
    },
    close() {
      closed = true;
      session?.destroy();
    },
  };
}

function openHttp1(to: DohTarget, options: DohOptions): (makeReader: MakeReader) => DohLane {
  const pool = openHttp1Pool(to, options);
  const head = (length: number): Buffer =>
    Buffer.from(
      `POST ${to.path} HTTP/1.1\r\nHost: ${to.authority}\r\nContent-Type: ${MEDIA_TYPE}\r\n` +
        `Accept: ${MEDIA_TYPE}\r\nContent-Length: ${length}\r\n\r\n`,
    );
  // Questions of one load have few lengths.
  const heads = new Map<number, Buffer>();
  return (makeReader) => ({
    send(message, done) {
      const known = heads.get(message.length) ?? head(message.length);
      heads.set(message.length, known);
      const reader = makeReader(message);
      pool.ask({
        bytes: Buffer.concat([known, message]),
        onSent: done,
        onResponse(response) {
          if (response === 'malformed') reader.end(undefined, undefined);
          else if (reader.chunk(response.body)) reader.end(response.status, response.type);
        },
      });
    },
    close: pool.close,
  });
}
