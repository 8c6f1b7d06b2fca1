/** A whole response of HTTP/1.1. */
export interface Http1Response {
  readonly status: number;
  /** Media type without parameters, lower case; empty when there is none. */
  readonly type: string;
  readonly body: Buffer;
  /** Whether the connection takes another request. */
  readonly keepsAlive: boolean;
}

/** Headers and body of an answer to a DNS question are far smaller; more is not waited for. */
export const MAX_RESPONSE_BYTES = 128 * 1024;

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');

/**
 * Reads the only response in `bytes` (RFC 9112): null while it is incomplete, `malformed` when it can never be one.
 * A body has a length or comes in chunks; one that ends with the connection is refused, since a question asked over
 * HTTP/1.1 is asked again on the same connection.
 */
export function readResponse(bytes: Buffer): Http1Response | 'malformed' | null {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return bytes.length > MAX_RESPONSE_BYTES ? 'malformed' : null;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = /^HTTP\/1\.1 (\d{3})(?: |\r|$)/.exec(head)?.[1];
  if (status === undefined) return 'malformed';
  const rest = bytes.subarray(headEnd + HEAD_END.length);
  const body = headerOf(head, 'transfer-encoding') === 'chunked' ? readChunks(rest) : readLength(rest, head);
  if (body === null) return bytes.length > MAX_RESPONSE_BYTES ? 'malformed' : null;
  if (body === 'malformed') return body;
  const type = (headerOf(head, 'content-type').split(';')[0] ?? '').trim();
  return { status: Number(status), type, body, keepsAlive: headerOf(head, 'connection') !== 'close' };
}

/** The headers that are looked for. Made once: a pattern made for each response costs more than its use. */
const HEADERS = {
  'transfer-encoding': /\r\ntransfer-encoding:[ \t]*([^\r]*)/i,
  'content-length': /\r\ncontent-length:[ \t]*([^\r]*)/i,
  'content-type': /\r\ncontent-type:[ \t]*([^\r]*)/i,
  connection: /\r\nconnection:[ \t]*([^\r]*)/i,
} as const;

/** Value of a header, lower case; empty when it is missing. */
function headerOf(head: string, name: keyof typeof HEADERS): string {
  return (HEADERS[name].exec(head)?.[1] ?? '').trim().toLowerCase();
}

function readLength(rest: Buffer, head: string): Buffer | 'malformed' | null {
  const length = headerOf(head, 'content-length');
  if (!/^\d{1,6}$/.test(length)) return 'malformed';
  // What follows was not asked for: there is one request at a time.
  if (rest.length > Number(length)) return 'malformed';
  return rest.length === Number(length) ? rest : null;
}

function readChunks(rest: Buffer): Buffer | 'malformed' | null {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf(LINE_END, at);
    if (lineEnd < 0) return null;
    const size = /^[0-9a-f]{1,5}(?=;|$)/i.exec(rest.toString('latin1', at, lineEnd))?.[0];
    if (size === undefined) return 'malformed';
    const start = lineEnd + LINE_END.length;
    const end = start + Number.parseInt(size, 16);
    if (rest.length < end + LINE_END.length) return null;
    // The last chunk is empty; trailers are not asked for and not expected.
    if (end === start) return rest.length === end + LINE_END.length ? Buffer.concat(chunks) : 'malformed';
    chunks.push(rest.subarray(start, end));
    at = end + LINE_END.length;
  }
}
