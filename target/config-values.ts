import { z } from 'zod';
import { type Endpoint, parseEndpoint } from './endpoint.js';

/** Node's timers take at most 2^31 - 1 ms. */
const MAX_TIMER_SEC = 2_147_483;

/** A listen address; the text in the file is `host:port` with a numeric host. */
export function endpoint(defaultPort: number) {
  return z.string().transform((text, context): Endpoint => {
    const parsed = parseEndpoint(text, defaultPort);
    if (parsed !== null) return parsed;
    context.addIssue({
      code: 'custom',
      message: 'expected an IP address and port such as "127.0.0.1:53"',
    });
    return z.NEVER;
  });
}

export const ANY_FREE_PORT = { address: '127.0.0.1', port: 0 } as const;
/** A time that a timer can wait. */
export const seconds = z.number().positive().max(MAX_TIMER_SEC);
/** Key of seed 000's file that this node has no use for (yet): accepted, so that an old file boots. */
export const unused = z.unknown().optional();
