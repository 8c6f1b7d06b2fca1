import type { LatencyRecorder } from '../latency-recorder.js';
import type { Offers } from '../offers.js';
import { CLOSED, type FloodBoard, RUNNING, STOPPING } from './flood-board.js';
import { BATCH, type MessageBatch, type Mmsg, type MmsgSocket } from './mmsg.js';
import type { QuestionBook } from './question-book.js';

/** The longest sleep, and therefore how soon a command is seen. */
const MAX_SLEEP_MS = 5;
/** Batches taken from one lane before the others get their turn. */
const MAX_BATCHES_PER_TURN = 16;

/** What a flood is made of; all of it lives on the flooding thread. */
export interface MmsgFlood {
  readonly mmsg: Mmsg;
  readonly lanes: readonly MmsgSocket[];
  readonly book: QuestionBook;
  readonly scheduleError: Pick<LatencyRecorder, 'record'>;
  readonly board: FloodBoard;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/**
 * Makes the loop that offers, receives and gives up questions. It runs, blocking its thread, until it has been told
 * to stop and nothing is in flight any more, or to close.
 */
export function createMmsgLoop(flood: MmsgFlood): (makeOffers: () => Offers) => void {
  const { mmsg, lanes, book, board, nowMs } = flood;
  const outgoing = mmsg.createBatch();
  const incoming = mmsg.createBatch();
  const wait = mmsg.createWait(lanes);
  const slots = new Int32Array(BATCH);
  let before = { intended: 0, dropped: 0 };
  let full = 0;

  const publish = (offers: Offers): void => {
    const { intended, dropped } = offers.schedule();
    board.publish({
      intended: before.intended + intended,
      ...book.counts,
      dropped: before.dropped + dropped + full,
    });
  };

  /** Sends what is due; false when the kernel takes no more for now. */
  const offer = (offers: Offers): boolean => {
    for (let due = offers.due(nowMs()); due > 0; ) {
      const now = nowMs();
      const count = fill(outgoing, Math.min(due, BATCH), offers, now);
      if (count === 0) return false;
      const lane = lanes[book.laneOf(slots[0] as number)] as MmsgSocket;
      const sent = mmsg.send(lane, outgoing, count);
      for (let i = 0; i < sent; i++) {
        const slot = slots[i] as number;
        book.sent(slot);
        flood.scheduleError.record(now - book.intendedMsOf(slot));
      }
      book.unopen(count - sent);
      offers.putBack(count - sent);
      if (sent < count) return false;
      due -= sent;
    }
    return true;
  };

  /** Opens and writes at most `most` questions that go to the same lane; returns how many. */
  const fill = (batch: MessageBatch, most: number, offers: Offers, now: number): number => {
    for (let i = 0; i < most; i++) {
      const slot = book.open(offers.take(now), now);
      if (slot === null) {
        full++;
        return i;
      }
      if (i > 0 && book.laneOf(slot) !== book.laneOf(slots[0] as number)) {
        book.unopen(1);
        offers.putBack(1);
        return i;
      }
      slots[i] = slot;
      batch.setLength(i, book.write(slot, batch.bytes, batch.offsetOf(i)));
    }
    return most;
  };

  /** Takes in what has arrived; returns how many messages, or null when more may be waiting. */
  const receive = (): number | null => {
    let received = 0;
    let more = false;
    for (let lane = 0; lane < lanes.length; lane++) {
      const socket = lanes[lane] as MmsgSocket;
      for (let turn = 1; ; turn++) {
        const count = mmsg.receive(socket, incoming);
        const now = nowMs();
        for (let i = 0; i < count; i++) {
          book.receive(lane, incoming.bytes, incoming.offsetOf(i), incoming.lengthOf(i), now);
        }
        received += count;
        if (count < BATCH) break;
        if (turn === MAX_BATCHES_PER_TURN) {
          more = true;
          break;
        }
      }
    }
    return more ? null : received;
  };

  return (makeOffers) => {
    const offers = makeOffers();
    for (;;) {
      const command = Atomics.load(board.control, 0);
      if (command === CLOSED) return;
      const now = nowMs();
      if (command === STOPPING) offers.end(now);
      const tookAll = offer(offers);
      const received = receive();
      // Everything that had arrived by `now` has been read: only now is what is missing late.
      if (received !== null) book.expire(now);
      publish(offers);
      if (command !== RUNNING && offers.isOver() && book.inFlight() === 0) break;
      if (received === 0) {
        const sleepMs = tookAll ? Math.min(MAX_SLEEP_MS, offers.nextMs() - nowMs()) : 0.1;
        if (sleepMs > 0) wait(sleepMs);
      }
    }
    const { intended, dropped } = offers.schedule();
    before = { intended: before.intended + intended, dropped: before.dropped + dropped };
  };
}
