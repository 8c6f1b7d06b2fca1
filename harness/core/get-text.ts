import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';

/** What a request to the target may cost: it must hold up neither a phase nor the rig. */
export interface TextLimits {
  readonly timeoutMs: number;
  /** Longest body that is read. */
  readonly maxBytes: number;
}

/**
 * The body of a `200` answer, over a connection that is closed at once so that it does not count among the target's
 * descriptors. Redirects are not followed: they could lead off this machine.
 *
 * Rejects with an `Error` when there is no such answer in time, or a longer one.
 */
export function getText(
  url: string,
  { timeoutMs, maxBytes }: TextLimits,
  signal?: AbortSignal,
): Promise<string> {
  const get = url.startsWith('https:') ? getSecure : getPlain;
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, signal: either }, (response) => {
      if (response.statusCode !== 200) {
        request.destroy(new Error(`it answers with status ${response.statusCode}`));
        return;
      }
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxBytes) request.destroy(new Error(`its answer is longer than ${maxBytes} bytes`));
      });
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      response.on('error', reject);
    });
    request.on('error', (error) =>
      reject(timeout.aborted ? new Error(`no answer within ${timeoutMs} ms`, { cause: error }) : error),
    );
  });
}
