import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { CborError } from '../cbor/cbor-reader.js';
import { FrameReader, MAX_MESSAGE_BYTES, writeFrame } from './wire/frame.js';
import {
  ClientHelloReader,
  type ServerHello,
  ServerHelloReader,
  writeClientHello,
  writeServerHello,
} from './wire/hello.js';
import type { AgreementKey } from './wire/key-agreement.js';
import type { Message } from './wire/message.js';
import { readMessage } from './wire/read-message.js';
import { NONCE_BYTES, SessionCipher } from './wire/session-cipher.js';
import { writeMessage } from './wire/write-message.js';

/** Who is told of what happens on a link. */
export interface LinkListener {
  /** Both sides have the session's key; messages can be sent. */
  onKeyed(): void;
  onMessage(message: Message): void;
  /** What came is not of this protocol; the link is closed already. */
  onGarbage(reason: string): void;
}

/** What became of a message that was to be sent. */
export type SendResult = 'sent' | 'too-long' | 'backed-up' | 'not-open';

type Hello = { readonly publicKey: Buffer; readonly rest: Buffer };
type HelloReader = { read(chunk: Buffer): Hello | (Hello & ServerHello) | null };

/** Bytes that may wait for a peer that does not read: whoever asks for more blocks than that does not get them. */
const MAX_UNSENT_BYTES = 1 << 20;

/**
 * One connection in ALFIS's protocol: hello and key agreement, then sealed messages. The side that was called chooses
 * the nonce.
 */
export class PeerLink {
  readonly socket: Socket;
  private readonly key: AgreementKey;
  private readonly isOutgoing: boolean;
  private readonly listener: LinkListener;
  private readonly frames = new FrameReader();
  private hello: HelloReader | null;
  private cipher: SessionCipher | null = null;

  /** `socket` may still be connecting. Its errors are to be listened for by the caller. */
  constructor(socket: Socket, isOutgoing: boolean, key: AgreementKey, listener: LinkListener) {
    this.socket = socket;
    this.key = key;
    this.isOutgoing = isOutgoing;
    this.listener = listener;
    this.hello = isOutgoing ? new ServerHelloReader() : new ClientHelloReader();
    socket.setNoDelay(true);
    if (isOutgoing) socket.once('connect', () => socket.write(writeClientHello(key.publicKey)));
    socket.on('data', (chunk) => this.read(chunk));
  }

  /** Sends a message unless it does not fit into a frame (ALFIS would send a wrong length) or the peer does not read. */
  send(message: Message): SendResult {
    if (this.cipher === null || !this.socket.writable) return 'not-open';
    if (this.socket.writableLength > MAX_UNSENT_BYTES) return 'backed-up';
    const bytes = writeMessage(message);
    if (bytes.length > MAX_MESSAGE_BYTES) return 'too-long';
    this.socket.write(writeFrame(this.cipher.seal(bytes)));
    return 'sent';
  }

  /** Closes the connection once what was sent has left. */
  end(): void {
    this.socket.destroySoon();
  }

  /** Closes the connection at once. */
  destroy(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    const rest = this.hello === null ? chunk : this.readHello(this.hello, chunk);
    if (rest === null || rest.length === 0) return;
    if (this.frames.read(rest, (sealed) => this.readSealed(sealed)) === 'empty') this.fail('an empty frame');
  }

  /** What came after the hello; null when there is nothing to go on with. */
  private readHello(hello: HelloReader, chunk: Buffer): Buffer | null {
    const read = hello.read(chunk);
    if (read === null) return null;
    this.hello = null;
    const secret = this.key.agree(read.publicKey);
    if (secret === null) {
      this.fail('a key that agrees on nothing');
      return null;
    }
    const nonce: Buffer = 'nonce' in read ? read.nonce : randomBytes(NONCE_BYTES);
    this.cipher = new SessionCipher(secret, nonce);
    if (!this.isOutgoing) this.socket.write(writeServerHello({ publicKey: this.key.publicKey, nonce }));
    this.listener.onKeyed();
    return read.rest;
  }

  /** False when no more of what came is to be read. */
  private readSealed(sealed: Buffer): boolean {
    const bytes = this.cipher?.open(sealed) ?? null;
    if (bytes === null) {
      this.fail('a frame that was not sealed with the key');
      return false;
    }
    const message = this.parse(bytes);
    if (message === null) return false;
    this.listener.onMessage(message);
    return !this.socket.destroyed;
  }

  private parse(bytes: Buffer): Message | null {
    try {
      return readMessage(bytes);
    } catch (error) {
      if (!(error instanceof CborError)) throw error;
      this.fail(error.message);
      return null;
    }
  }

  private fail(reason: string): void {
    this.destroy();
    this.listener.onGarbage(reason);
  }
}
