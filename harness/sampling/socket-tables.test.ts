import { expect, test } from 'vitest';
import { countTcpStates, sumUdpDrops } from './socket-tables.js';

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1001 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:9C40 08 00000000:00000001 00:00000000 00000000     0        0 1002 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:1F90 0100007F:9C42 01 00000000:00000000 00:00000000 00000000     0        0 1003 1 0000000000000000 20 4 30 10 -1
   3: 0100007F:9C40 0100007F:1F90 05 00000000:00000000 00:00000000 00000000     0        0 2001 1 0000000000000000 20 4 30 10 -1
   4: 0100007F:9C44 0100007F:1F90 06 00000000:00000000 03:00001770 00000000     0        0 0 3 0000000000000000
`;

test('only sockets of the given inodes count, by their state', () => {
  expect(countTcpStates(TCP, new Set(['1001', '1002', '1003']))).toEqual({
    tcpListening: 1,
    tcpConnecting: 0,
    tcpEstablished: 1,
    tcpCloseWait: 1,
    tcpClosing: 0,
  });
  expect(countTcpStates(TCP, new Set(['2001']))).toMatchObject({ tcpClosing: 1, tcpCloseWait: 0 });
});

const UDP = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  231: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 3001 2 0000000000000000 17
  232: 0100007F:0036 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 3002 2 0000000000000000 4
`;

test('drops are summed up over the given inodes, and unread without any of them', () => {
  expect(sumUdpDrops(UDP, new Set(['3001', '3002', '9']))).toBe(21);
  expect(sumUdpDrops(UDP, new Set(['1002']))).toBeNull();
});
