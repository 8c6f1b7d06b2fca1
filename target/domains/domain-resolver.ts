import type { Clock } from '../clock.js';
import type { AnswerCache } from '../dns/answer-cache.js';
import { ageSec } from '../dns/answer-cache.js';
import { typeOf } from '../dns/name-key.js';
import type { Client, Resolver } from '../dns/resolver.js';
import { RCODE } from '../dns/wire.js';
import type { Delegation } from './delegation.js';
import type { Domain, DomainInfo } from './domain-source.js';
import { localAnswer, NO_SUCH_DOMAIN } from './local-answer.js';
import { labelsOf } from './question-text.js';

/** What the resolving of own domains works with. */
export interface DomainResolverDeps {
  /** For every name outside of the zones. */
  readonly resolver: Pick<Resolver, 'resolve'>;
  readonly zones: ReadonlySet<string>;
  readonly info: DomainInfo;
  readonly delegation: Delegation;
  readonly cache: AnswerCache;
  readonly clock: Clock;
}

/** A resolver that answers for the zones of a `DomainSource` itself, or asks the name servers that a domain names. */
export function createDomainResolver(deps: DomainResolverDeps): Pick<Resolver, 'resolve'> {
  const { resolver, zones, info, delegation, cache, clock } = deps;

  function askNameServer(client: Client, data: Domain): void {
    const { key } = client.query;
    const cached = cache.lookup(key);
    const server = data.nameServers[Math.floor(Math.random() * data.nameServers.length)];
    if (cached !== null) {
      client.reply(cached.answer, ageSec(cached, clock()));
    } else if (server === undefined) {
      client.fail(RCODE.servFail);
    } else {
      delegation.ask(server, key, (answer) => {
        if (answer === null) {
          client.fail(RCODE.servFail);
          return;
        }
        cache.store(key, answer);
        client.reply(answer, 0);
      });
    }
  }

  return {
    resolve: (client) => {
      const { key } = client.query;
      const labels = labelsOf(key);
      if (!zones.has(labels.at(-1) ?? '')) {
        resolver.resolve(client);
        return;
      }
      const domain = labels.slice(-2).join('.');
      const json = labels.length < 2 ? null : info.find(domain);
      if (json === null) {
        client.reply(NO_SUCH_DOMAIN, 0);
        return;
      }
      const data: Domain = JSON.parse(json);
      if (data.nameServers.length > 0) {
        askNameServer(client, data);
        return;
      }
      client.reply(localAnswer(labels.join('.'), domain, typeOf(key), data), 0);
    },
  };
}
