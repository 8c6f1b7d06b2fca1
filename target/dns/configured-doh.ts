import { readFileSync } from 'node:fs';
import { type Endpoint, formatEndpoint } from '../endpoint.js';
import { reasonOf, StartError } from '../errors.js';
import { DOH_PATH } from './doh-request.js';
import { type Certificate, type DohServer, type DohServerDeps, openDohServer } from './doh-server.js';

/** What the server's settings are, named as in the file. */
export interface DohSettings {
  readonly listen: Endpoint;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  readonly max_connections: number;
}

/** The DoH server with the URL that clients use. */
export interface ConfiguredDoh extends DohServer {
  readonly url: string;
}

/** Reads the certificate, if there is one, and listens. Throws `StartError` that names the key and file that is wrong. */
export async function openConfiguredDoh(settings: DohSettings, deps: DohServerDeps): Promise<ConfiguredDoh> {
  const certificate = readCertificate(settings);
  const options = { certificate, maxConnections: settings.max_connections };
  const server = await openDohServer(settings.listen, options, deps);
  const scheme = certificate === null ? 'http' : 'https';
  return { ...server, url: `${scheme}://${formatEndpoint(server.address)}${DOH_PATH}` };
}

function readCertificate({ certificate, key }: DohSettings): Certificate | null {
  if (certificate === undefined || key === undefined) return null;
  return { cert: readPem('certificate', certificate), key: readPem('key', key) };
}

function readPem(key: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StartError(`[doh] ${key} = "${file}": cannot be read (${reasonOf(error)}); check the path`);
  }
}
