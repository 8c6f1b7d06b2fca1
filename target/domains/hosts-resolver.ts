import { typeOf } from '../dns/name-key.js';
import type { Resolver } from '../dns/resolver.js';
import type { Domain } from './domain-source.js';
import { localAnswer } from './local-answer.js';
import { labelsOf } from './question-text.js';

/** A resolver that answers for the names of hosts files itself. */
export function createHostsResolver(
  hosts: ReadonlyMap<string, Domain>,
  resolver: Pick<Resolver, 'resolve'>,
): Pick<Resolver, 'resolve'> {
  return {
    resolve: (client) => {
      const name = labelsOf(client.query.key).join('.');
      const host = hosts.get(name);
      if (host === undefined) resolver.resolve(client);
      else client.reply(localAnswer(name, name, typeOf(client.query.key), host), 0);
    },
  };
}
