import type { LoopbackAddress } from '../loopback-address.js';
import type { LaneListener, QuestionLanes } from './question-lanes.js';
import { readUdpDrops } from './udp-drops.js';
import { connectUdpSocket, type OpenUdpSocket, smallBufferNote } from './udp-socket.js';

/**
 * Lanes over connected `node:dgram` sockets.
 *
 * @param log receives a line when the kernel grants small receive buffers
 */
export async function openUdpLanes(
  to: LoopbackAddress,
  count: number,
  onMessage: LaneListener,
  log: (line: string) => void,
): Promise<QuestionLanes> {
  const open: OpenUdpSocket[] = [];
  const close = (): void => {
    for (const { socket } of open.splice(0)) socket.close();
  };
  try {
    for (let lane = 0; lane < count; lane++) open.push(await connectUdpSocket(to));
  } catch (error) {
    close();
    throw error;
  }

  open.forEach(({ socket }, lane) => {
    socket.on('message', (message) => onMessage(lane, message));
    // An earlier datagram was refused. Its question gets no answer and times out by itself.
    socket.on('error', () => undefined);
  });
  const note = smallBufferNote('driver', Math.min(...open.map((lane) => lane.recvBufferBytes)));
  if (note !== null) log(note);

  const send: QuestionLanes['send'] = (lane, message, done) => {
    const socket = open[lane]?.socket;
    if (socket === undefined) {
      done(false);
      return;
    }
    socket.send(message, (error) => {
      // A refusal belongs to an earlier datagram and is reported once, in place of sending this one (udp(7)):
      // trying again ends, since each refusal uses up a datagram that was sent.
      if (isRefusal(error)) send(lane, message, done);
      else done(error === null);
    });
  };
  const ports = open.map(({ socket }) => socket.address().port);
  return { send, close, kernelDrops: () => readUdpDrops(ports, to) };
}

function isRefusal(error: Error | null): boolean {
  return error !== null && 'code' in error && error.code === 'ECONNREFUSED';
}
