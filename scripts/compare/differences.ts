import type { AnswerFacts } from './answer-facts.js';

/** Seconds by which TTLs may differ: both count down, but were not asked at the same moment. */
const TOLERANCE_SEC = 2;

/**
 * What two resolvers do not agree on, one line each; empty when they do. Unbound counts a record set down from the first
 * answer that held it, the node each answer for itself: its TTLs may be higher by the time that was, `elapsedSec` at most.
 */
export function differences(
  node: AnswerFacts | null,
  unbound: AnswerFacts | null,
  elapsedSec: number,
): readonly string[] {
  if (node === null || unbound === null) {
    return node === unbound ? [] : [`${node === null ? 'the node' : 'unbound'} does not answer`];
  }
  const keys = [
    'rcode',
    'truncated',
    'recursionAvailable',
    'hasOpt',
    'repeatsQuestion',
    'answers',
    'soa',
  ] as const;
  const facts = keys.flatMap((key) => {
    const [own, other] = [JSON.stringify(node[key]), JSON.stringify(unbound[key])];
    return own === other ? [] : [`${key}: node ${shortened(own)}, unbound ${shortened(other)}`];
  });
  if (facts.length > 0) return facts;
  const isOff = node.ttls.some((ttl, index) => {
    const above = ttl - (unbound.ttls[index] ?? 0);
    return above < -TOLERANCE_SEC || above > elapsedSec + TOLERANCE_SEC;
  });
  return isOff ? [`TTLs: node ${node.ttls.join(' ')}, unbound ${unbound.ttls.join(' ')}`] : [];
}

function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
