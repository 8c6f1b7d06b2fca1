import type { Answer } from '../dns/answer.js';
import { typeOf } from '../dns/name-key.js';
import type { Resolver } from '../dns/resolver.js';
import { TYPE } from '../dns/wire.js';

/** HINFO with the text "RFC8482" and an empty one, at the question's name, for an hour. */
const HINFO = '\xc0\x0c\0\x0d\0\x01\0\0\x0e\x10\0\x09\x07RFC8482\0';
const ANSWER: Answer = {
  rcode: 0,
  answerCount: 1,
  authorityCount: 0,
  additionalCount: 0,
  neededCount: 1,
  records: HINFO,
  ttlSec: 3600,
};

/**
 * A resolver that asks nobody for everything: a question of type ANY gets one short record (RFC 8482 §4.2), as the whole
 * truth mostly serves to amplify somebody's attack.
 */
export function createMinimalAny(resolver: Pick<Resolver, 'resolve'>): Pick<Resolver, 'resolve'> {
  return {
    resolve: (client) => {
      if (typeOf(client.query.key) === TYPE.ANY) client.reply(ANSWER, 0);
      else resolver.resolve(client);
    },
  };
}
