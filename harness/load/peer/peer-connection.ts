import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { LoopbackAddress } from '../loopback-address.js';
import { createFrameReader, openSealed, type Session, sealFrame } from './wire/frames.js';
import {
  createHelloReader,
  NONCE_BYTES,
  PUBLIC_KEY_BYTES,
  writeClientHello,
  writeServerHello,
} from './wire/hello.js';
import type { PeerMessage } from './wire/message.js';
import type { PeerKeys } from './wire/peer-keys.js';
import { readMessage } from './wire/read-message.js';
import { writeMessage } from './wire/write-message.js';

/** What the owner of a connection wants to hear of it. */
export interface PeerListener {
  /** TCP stands; nothing has been said. */
  readonly onConnect?: () => void;
  /** Both hellos are exchanged: messages can be sent. */
  readonly onKeyed: () => void;
  readonly onMessage: (message: PeerMessage) => void;
  /** It is gone, whoever closed it: for this error, a `PeerProtocolError` among them, or for none. Last, and once. */
  readonly onClose: (error: Error | null) => void;
}

/** A connection to an ALFIS peer, on either side. */
export interface PeerConnection {
  /** Sends a message; without effect before the connection is keyed and after its end. */
  send(message: PeerMessage): void;
  /** The same with a message that is encoded already; the bytes may be used again at once. */
  sendEncoded(message: Buffer): void;
  /** The same with several, which leave in one piece. */
  sendTogether(messages: readonly Buffer[]): void;
  /** Bytes that the other side has not taken yet and this process holds. */
  backlogBytes(): number;
  /** Ends it at once; safe to call twice. */
  close(): void;
}

/** Where and as whom to dial. */
export interface DialOptions {
  readonly to: LoopbackAddress;
  /** Address of this machine to connect from; null for the system's choice. */
  readonly from: string | null;
  readonly keys: PeerKeys;
  /** How much of its hello it says. @default whole */
  readonly hello?: 'whole' | 'half' | 'none';
}

/** Connects and says hello. */
export function dialPeer(
  { to, from, keys, hello: said = 'whole' }: DialOptions,
  listener: PeerListener,
): PeerConnection {
  const { host, port } = to;
  const local = from === null ? {} : { localAddress: from };
  const socket = connect({ host, port, noDelay: true, autoSelectFamily: false, ...local });
  socket.on('connect', () => {
    const hello = writeClientHello(keys.publicKey);
    if (said !== 'none') socket.write(said === 'half' ? hello.subarray(0, hello.length / 2) : hello);
    listener.onConnect?.();
  });
  const readHello = createHelloReader(PUBLIC_KEY_BYTES + NONCE_BYTES);
  return converse(socket, listener, (chunk) => {
    const hello = readHello(chunk);
    if (hello === null) return null;
    const key = keys.agree(hello.tail.subarray(0, PUBLIC_KEY_BYTES));
    return { session: { key, nonce: hello.tail.subarray(PUBLIC_KEY_BYTES) }, rest: hello.rest };
  });
}

/** Takes a connection over that a server has accepted: answers its hello with a nonce of its own. */
export function acceptPeer(socket: Socket, keys: PeerKeys, listener: PeerListener): PeerConnection {
  const readHello = createHelloReader(PUBLIC_KEY_BYTES);
  return converse(socket, listener, (chunk) => {
    const hello = readHello(chunk);
    if (hello === null) return null;
    const key = keys.agree(hello.tail);
    const nonce = randomBytes(NONCE_BYTES);
    socket.write(writeServerHello(keys.publicKey, nonce));
    return { session: { key, nonce }, rest: hello.rest };
  });
}

interface Keyed {
  readonly session: Session;
  /** What came behind the hello. */
  readonly rest: Buffer;
}

function converse(
  socket: Socket,
  listener: PeerListener,
  exchangeKeys: (chunk: Buffer) => Keyed | null,
): PeerConnection {
  let session: Session | null = null;
  let failure: Error | null = null;

  const readFrames = createFrameReader((sealed) => {
    if (session === null || socket.destroyed) return;
    listener.onMessage(readMessage(openSealed(session, sealed)));
  });
  const read = (chunk: Buffer): void => {
    if (session !== null) {
      readFrames(chunk);
      return;
    }
    const keyed = exchangeKeys(chunk);
    if (keyed === null) return;
    session = keyed.session;
    listener.onKeyed();
    readFrames(keyed.rest);
  };
  socket.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch (error) {
      socket.destroy(error as Error);
    }
  });
  socket.on('error', (error) => {
    failure = error;
  });
  socket.on('close', () => listener.onClose(failure));

  const sendTogether = (messages: readonly Buffer[]): void => {
    const { writable } = socket;
    if (session === null || !writable) return;
    const { key, nonce } = session;
    const frames = messages.map((message) => sealFrame({ key, nonce }, message));
    socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
  };
  return {
    send: (message) => sendTogether([writeMessage(message)]),
    sendEncoded: (message) => sendTogether([message]),
    sendTogether,
    backlogBytes: () => socket.writableLength,
    close: () => void socket.destroy(),
  };
}
