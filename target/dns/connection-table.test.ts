import { describe, expect, it } from 'vitest';
import { ConnectionTable, type Held } from './connection-table.js';

class Connection implements Held {
  readonly address: string;
  readonly queryCount: number;
  readonly openQueries: number;
  closed = false;

  constructor(address: string, queryCount: number, openQueries: number) {
    this.address = address;
    this.queryCount = queryCount;
    this.openQueries = openQueries;
  }

  destroy(): void {
    this.closed = true;
  }
}

const connection = (address: string, queryCount = 0, openQueries = 0): Connection =>
  new Connection(address, queryCount, openQueries);

describe('ConnectionTable', () => {
  it('closes the quietest connection that never asked to make room for a new one', () => {
    const table = new ConnectionTable({ total: 3, perAddress: 3 });
    const [asked, silent, later] = [connection('a', 1), connection('b'), connection('c')];
    for (const each of [asked, silent, later]) expect(table.admit(each)).toBe('admitted');
    expect(table.admit(connection('d'))).toBe('admitted-for-another');
    expect([asked.closed, silent.closed, later.closed]).toEqual([false, true, false]);
    expect(table.size).toBe(3);
  });

  it('closes the one of the oldest use when all of them asked before', () => {
    const table = new ConnectionTable({ total: 2, perAddress: 2 });
    const [first, second] = [connection('a', 1), connection('b', 1)];
    table.admit(first);
    table.admit(second);
    table.touch(first);
    table.admit(connection('c'));
    expect([first.closed, second.closed]).toEqual([false, true]);
  });

  it('takes room from the same address when that one has its share', () => {
    const table = new ConnectionTable({ total: 10, perAddress: 2 });
    const [other, mine] = [connection('b'), connection('a')];
    for (const each of [other, mine, connection('a')]) table.admit(each);
    expect(table.admit(connection('a'))).toBe('admitted-for-another');
    expect([other.closed, mine.closed]).toEqual([false, true]);
  });

  it('refuses the newcomer when everybody waits for an answer, and has room again when one leaves', () => {
    const table = new ConnectionTable({ total: 1, perAddress: 1 });
    const busy = connection('a', 1, 1);
    table.admit(busy);
    expect(table.admit(connection('b'))).toBe('refused');
    expect(busy.closed).toBe(false);
    table.remove(busy);
    table.remove(busy);
    expect(table.admit(connection('b'))).toBe('admitted');
  });
});
