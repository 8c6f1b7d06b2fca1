import { expect, it } from 'vitest';
import { parseConfig } from '../config.js';
import { connectionLimits } from './connection-limits.js';

const limits = (toml: string, descriptors: number) =>
  connectionLimits(parseConfig(`[dns]\n${toml}`, 'test').config.dns, descriptors);

it('takes what is configured per worker when there are descriptors enough', () => {
  expect(limits('threads = 4', 20_000)).toEqual({ total: 400, perAddress: 400 });
  expect(limits('tcp_clients_per_ip = 20', 20_000)).toEqual({ total: 1000, perAddress: 20 });
});

it('leaves descriptors for upstream sockets, and half of them at most', () => {
  expect(limits('tcp_queue_size = 1000', 1024).total).toBe(1024 - 96 - 100);
  expect(limits('tcp_queue_size = 1000\nforwarders = ["127.0.0.1"]', 1024).total).toBe(1024 - 96 - 116);
  expect(limits('', 256).total).toBe(128);
});
