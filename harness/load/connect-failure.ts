import { messageOf } from '../core/errors.js';

/** Out of descriptors, ports, buffers or memory on this side. */
const OURS: ReadonlySet<unknown> = new Set([
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
  'EADDRINUSE',
  'ENOBUFS',
  'ENOMEM',
]);

/** Whether a connection failed for want of something of ours: then it was not offered, and the target is not to blame. */
export function isOurFailure(error: Error): boolean {
  return 'code' in error && OURS.has(error.code);
}

/** What Node says of a certificate that it cannot verify (`tls`, "Certificate verification" and `ERR_TLS_*`). */
const CERTIFICATE_CODES =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_CERT_\w+)$/;

/** The server speaks another protocol than the one offered (RFC 7301 §3.2); the code may be that of the socket. */
const NO_SUCH_PROTOCOL = /alert no application protocol/;

/** Why a connection failed, for people, with the flag that helps where one does. */
export function describeConnectFailure(error: Error): string {
  const message = messageOf(error);
  if (NO_SUCH_PROTOCOL.test(message)) {
    return 'the server does not speak this version of HTTP; DNS over HTTPS has --http-version 1.1 and 2';
  }
  if (!('code' in error) || !CERTIFICATE_CODES.test(String(error.code))) return message;
  return `${message}; --insecure accepts a certificate that cannot be verified`;
}
