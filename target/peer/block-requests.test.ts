import { afterEach, describe, expect, it } from 'vitest';
import { BlockRequests } from './block-requests.js';

const open: BlockRequests[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** Requests with a deadline of a second on a clock that tests turn. */
function requests() {
  const time = { now: 0 };
  const late: [number, number | null][] = [];
  const made = new BlockRequests(
    1000,
    100,
    () => time.now,
    (index, from) => late.push([index, from]),
  );
  open.push(made);
  return { time, late, requests: made };
}

async function untilLate(late: readonly unknown[], count: number): Promise<void> {
  while (late.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('block requests', () => {
  it('tell an answer from a block that nobody asked for, once', () => {
    const { requests: table } = requests();
    table.add(5, 1);
    expect(table.answered(5, 2)).toBe(false);
    expect(table.isOpen(5)).toBe(true);
    expect([table.answered(5, 1), table.answered(5, 1)]).toEqual([true, false]);
    expect([table.isOpen(5), table.outstandingOf(1), table.size]).toEqual([false, 0, 0]);
  });

  it('are late after their time, and an answer that comes then is one still', async () => {
    const { requests: table, time, late } = requests();
    table.add(5, 1);
    time.now = 500;
    table.add(6, 1);
    time.now = 1100;
    await untilLate(late, 1);
    expect(late).toEqual([[5, 1]]);
    expect([table.isOpen(5), table.outstandingOf(1)]).toEqual([false, 1]);
    table.add(5, 2);
    expect(table.answered(5, 1)).toBe(true);
    expect(table.outstandingOf(2)).toBe(1);
    expect(table.answered(5, 2)).toBe(true);
  });

  it('keep an index for as long as an answer may take, for nobody', async () => {
    const { requests: table, time, late } = requests();
    table.hold(9);
    expect(table.isOpen(9)).toBe(true);
    time.now = 1100;
    await untilLate(late, 1);
    expect(late).toEqual([[9, null]]);
  });

  it('of a peer that is gone are free for others at once', () => {
    const { requests: table, late } = requests();
    for (let index = 1; index <= 10; index += 1) table.add(index, index % 2);
    table.forget(1);
    expect([table.size, table.isOpen(1), table.isOpen(2)]).toEqual([5, false, true]);
    expect(table.answered(1, 1)).toBe(false);
    expect(late).toEqual([]);
  });

  it('remember what was asked of a peer, as far back as 256', () => {
    const { requests: table } = requests();
    for (let index = 1; index <= 300; index += 1) table.remember(index, 1);
    expect([table.answered(44, 1), table.answered(45, 1), table.answered(300, 1)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
