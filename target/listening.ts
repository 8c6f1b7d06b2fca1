import { type Endpoint, formatEndpoint, isLoopback } from './endpoint.js';
import { reasonOf, StartError } from './errors.js';
import type { Log } from './ops/log.js';

/** The opened service, or a `StartError` that names the key and what to do. */
export async function listening<T>(key: string, endpoint: Endpoint, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof StartError) throw error;
    const where = `${key} = "${formatEndpoint(endpoint)}"`;
    const next = 'choose another port, or 0 for a free one, and an address of this machine';
    throw new StartError(`${where}: cannot listen there (${reasonOf(error)}); ${next}`, { cause: error });
  }
}

/** Says so when other machines can reach a service. */
export function warnOfExposure(addresses: Readonly<Record<string, Endpoint>>, log: Log): void {
  for (const [table, endpoint] of Object.entries(addresses)) {
    if (isLoopback(endpoint)) continue;
    const address = formatEndpoint(endpoint);
    log.info(`warning: [${table}] listen = "${address}" can be reached from other machines`);
  }
}

/** Says so when there is nobody to ask. */
export function warnOfSilence(servers: readonly unknown[], log: Log): void {
  if (servers.length > 0) return;
  log.info(
    '[dns] forwarders and roots are empty: every query is answered SERVFAIL; name a resolver in forwarders',
  );
}
