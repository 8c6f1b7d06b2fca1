import { endianness } from 'node:os';
import { couldNotRun, messageOf } from '../../core/errors.js';
import { type LoopbackAddress, parseLoopback } from '../loopback-address.js';
import { addressFamily, socketAddress } from './socket-address.js';
import { RECV_BUFFER_BYTES } from './udp-socket.js';

/**
 * Many datagrams per system call: sendmmsg(2), recvmmsg(2) and ppoll(2) through koffi, the one place where the
 * harness calls C. The layouts below are those of 64-bit little-endian Linux, x64 and arm64, glibc and musl alike
 * (musl's narrower fields are padded with zeros to the same offsets). Every address handed to C lies in one
 * ArrayBuffer that is never resized, so nothing moves while the kernel looks at it.
 */

/** Messages per call; more gains nothing measurable, fewer cost more calls. */
export const BATCH = 64;
/** Room for a message, and a cache line: at a power of two all buffers would share the same few cache sets. */
const MESSAGE_BYTES = 2048 + 64;

const IOVEC_BYTES = 16;
const MMSGHDR_BYTES = 64;
const MSGHDR_IOV = 16;
const MSGHDR_IOVLEN = 24;
const MMSGHDR_LEN = 56;
const POLLFD_BYTES = 8;
const POLLFD_EVENTS = 4;

const SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const MSG_DONTWAIT = 0x40;
const POLLIN = 1;
/** Connecting a UDP socket sends nothing: any port does until its own is known. */
const DISCARD_PORT = 9;
const ECONNREFUSED = 111;

/** A vector of `BATCH` messages that the kernel reads from or writes to; `bytes` holds all of them. */
export interface MessageBatch {
  readonly bytes: Buffer;
  /** Where message `i` begins in `bytes`. */
  offsetOf(i: number): number;
  /** Length of a received message `i`; as long as its room when it was longer. */
  lengthOf(i: number): number;
  /** Sets how long message `i` is that will be sent. */
  setLength(i: number, length: number): void;
  /** Address of the vector. */
  readonly address: number;
}

/** A UDP socket that sends to one address and hears from no other. */
export interface MmsgSocket {
  readonly fd: number;
  readonly localPort: number;
  /** Bytes as read back; Linux reports twice what it grants. */
  readonly recvBufferBytes: number;
}

/** The system calls, none of which blocks but `waitReadable`. */
export interface Mmsg {
  createBatch(): MessageBatch;
  /** @throws HarnessError `could-not-run` */
  open(to: LoopbackAddress): MmsgSocket;
  /** Sends the first `count` messages; returns how many the kernel took, 0 when it has no room now. */
  send(socket: MmsgSocket, batch: MessageBatch, count: number): number;
  /** Receives at most `BATCH` messages; returns how many, 0 when there are none. */
  receive(socket: MmsgSocket, batch: MessageBatch): number;
  /** Makes a wait that returns when any of the sockets has an answer, or after `timeoutMs` (fractions count). */
  createWait(sockets: readonly MmsgSocket[]): (timeoutMs: number) => void;
  close(socket: MmsgSocket): void;
}

/**
 * Loads the system calls and tries them on a pair of sockets: whether they work is measured, not assumed.
 *
 * @throws HarnessError `could-not-run` saying what is missing
 */
export async function loadMmsg(): Promise<Mmsg> {
  const machine = `${process.platform} ${process.arch}`;
  if (!/^linux (x64|arm64)$/.test(machine) || endianness() !== 'LE') {
    throw couldNotRun(`sendmmsg is used on Linux x64 and arm64 only, and this is ${machine}`);
  }
  try {
    return bind(await import('koffi'));
  } catch (error) {
    throw couldNotRun(`sendmmsg cannot be called: ${messageOf(error)}`, error);
  }
}

function bind(koffi: typeof import('koffi')): Mmsg {
  // The process itself: its C library is loaded already, whatever its name.
  const c = koffi.load(null);
  const call = {
    socket: c.func('int socket(int, int, int)'),
    connect: c.func('int connect(int, uintptr_t, uint32_t)'),
    getsockname: c.func('int getsockname(int, uintptr_t, uintptr_t)'),
    setsockopt: c.func('int setsockopt(int, int, int, uintptr_t, uint32_t)'),
    getsockopt: c.func('int getsockopt(int, int, int, uintptr_t, uintptr_t)'),
    sendmmsg: c.func('int sendmmsg(int, uintptr_t, uint32_t, int)'),
    recvmmsg: c.func('int recvmmsg(int, uintptr_t, uint32_t, int, uintptr_t)'),
    ppoll: c.func('int ppoll(uintptr_t, size_t, uintptr_t, uintptr_t)'),
    close: c.func('int close(int)'),
  };

  const room = (bytes: number): { view: DataView; bytes: Buffer; address: number } => {
    const memory = new ArrayBuffer(bytes);
    const address = Number(koffi.address(memory));
    return { view: new DataView(memory), bytes: Buffer.from(memory), address };
  };

  const check = (result: number, what: string): number => {
    if (result < 0) throw couldNotRun(`${what} failed with errno ${koffi.errno()}`);
    return result;
  };

  /**
   * Result of a call on many messages. A refusal belongs to an earlier datagram, is told once, and is over (udp(7)).
   * Anything else is taken for "not now": the caller tries again until it is too late, and then counts a drop, as
   * with dgram. More is not read into errno, which whatever the engine does in between may overwrite.
   */
  const taken = (attempt: () => number): number => {
    for (let tries = 0; tries < BATCH; tries++) {
      const result = attempt();
      if (result >= 0) return result;
      if (koffi.errno() !== ECONNREFUSED) return 0;
    }
    return 0;
  };

  const bufferSize = (fd: number, asked: number): number => {
    const value = room(8);
    value.view.setInt32(0, asked, true);
    value.view.setUint32(4, 4, true);
    const length = value.address + 4;
    call.setsockopt(fd, SOL_SOCKET, SO_SNDBUF, value.address, 4);
    // Past net.core.rmem_max where this process may; the ordinary way where not.
    if (call.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, value.address, 4) < 0) {
      call.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, value.address, 4);
    }
    check(call.getsockopt(fd, SOL_SOCKET, SO_RCVBUF, value.address, length), 'getsockopt');
    return value.view.getInt32(0, true);
  };

  const portOf = (fd: number): number => {
    const name = room(32 + 4);
    name.view.setUint32(32, 32, true);
    check(call.getsockname(fd, name.address, name.address + 32), 'getsockname');
    return name.view.getUint16(2);
  };

  const connect = (fd: number, to: LoopbackAddress): void => {
    const peer = socketAddress(to);
    const { bytes, address } = room(peer.length);
    bytes.set(peer);
    check(call.connect(fd, address, peer.length), `connecting a UDP socket to ${to.text}`);
  };

  const mmsg: Mmsg = {
    createBatch() {
      const headersAt = BATCH * MESSAGE_BYTES;
      const vectorsAt = headersAt + BATCH * MMSGHDR_BYTES;
      const { view, bytes, address } = room(vectorsAt + BATCH * IOVEC_BYTES);
      for (let i = 0; i < BATCH; i++) {
        const vector = vectorsAt + i * IOVEC_BYTES;
        view.setBigUint64(vector, BigInt(address + i * MESSAGE_BYTES), true);
        view.setBigUint64(vector + 8, BigInt(MESSAGE_BYTES), true);
        view.setBigUint64(headersAt + i * MMSGHDR_BYTES + MSGHDR_IOV, BigInt(address + vector), true);
        view.setBigUint64(headersAt + i * MMSGHDR_BYTES + MSGHDR_IOVLEN, 1n, true);
      }
      return {
        bytes,
        address: address + headersAt,
        offsetOf: (i) => i * MESSAGE_BYTES,
        lengthOf: (i) => view.getUint32(headersAt + i * MMSGHDR_BYTES + MMSGHDR_LEN, true),
        setLength: (i, length) => view.setUint32(vectorsAt + i * IOVEC_BYTES + 8, length, true),
      };
    },
    open(to) {
      const fd = check(call.socket(addressFamily(to), SOCK_DGRAM_CLOEXEC, 0), 'opening a UDP socket');
      try {
        connect(fd, to);
        return { fd, localPort: portOf(fd), recvBufferBytes: bufferSize(fd, RECV_BUFFER_BYTES) };
      } catch (error) {
        call.close(fd);
        throw error;
      }
    },
    send: ({ fd }, batch, count) => taken(() => call.sendmmsg(fd, batch.address, count, MSG_DONTWAIT)),
    receive: ({ fd }, batch) => taken(() => call.recvmmsg(fd, batch.address, BATCH, MSG_DONTWAIT, 0)),
    createWait(sockets) {
      const timeAt = sockets.length * POLLFD_BYTES;
      const { view, address } = room(timeAt + 16);
      sockets.forEach(({ fd }, i) => {
        view.setInt32(i * POLLFD_BYTES, fd, true);
        view.setInt16(i * POLLFD_BYTES + POLLFD_EVENTS, POLLIN, true);
      });
      return (timeoutMs) => {
        view.setBigInt64(timeAt, 0n, true);
        // Waits are well below the 4.2 s that 32 bits of nanoseconds hold.
        view.setUint32(timeAt + 8, Math.max(0, Math.min(timeoutMs, 999)) * 1e6, true);
        call.ppoll(address, sockets.length, address + timeAt, 0);
      };
    },
    close: ({ fd }) => {
      call.close(fd);
    },
  };
  tryOut(mmsg, connect);
  return mmsg;
}

/** Sends two messages to the socket that sends them, which shows that the layouts are this machine's. */
function tryOut(mmsg: Mmsg, connect: (fd: number, to: LoopbackAddress) => void): void {
  const own = (port: number): LoopbackAddress => parseLoopback(`127.0.0.1:${port}`);
  const socket = mmsg.open(own(DISCARD_PORT));
  try {
    connect(socket.fd, own(socket.localPort));
    const [out, back] = [mmsg.createBatch(), mmsg.createBatch()];
    const texts = ['one', 'three'];
    texts.forEach((text, i) => {
      out.setLength(i, out.bytes.write(text, out.offsetOf(i)));
    });
    const sent = mmsg.send(socket, out, texts.length);
    const received = mmsg.receive(socket, back);
    const came = texts.map((_, i) =>
      back.bytes.toString('latin1', back.offsetOf(i), back.offsetOf(i) + back.lengthOf(i)),
    );
    if (sent !== 2 || received !== 2 || came.join() !== texts.join()) {
      throw couldNotRun(`a trial sent ${sent} messages and received ${received} instead of two`);
    }
  } finally {
    mmsg.close(socket);
  }
}
