import { isAtOrBelow, readLowerName } from './name.js';
import type { Sections, WireRecord } from './records.js';
import { HEADER_BYTES, MAX_NAME_BYTES, RECORD_HEAD_BYTES, TYPE } from './wire.js';

/** Longest chain of aliases that is followed; resolvers give up between 8 and 17. */
const MAX_CHAIN_NAMES = 32;
/** A compression pointer to the question's name, as nearly every owner name is written. */
const POINTER_TO_QUESTION = 0xc000 | HEADER_BYTES;

/** The name of the root, in wire form: every name is at or below it. */
export const ROOT = '\0';

/** The records of a response that have to do with its question. */
export interface RelatedRecords extends Pick<Sections, 'answers' | 'authorities'> {
  /** Types of the answer records but of a DNAME that only made the alias it comes with. */
  readonly types: ReadonlySet<number>;
  /** An alias leads out of the zone: what the response says of its end counts for nothing. */
  readonly leavesZone: boolean;
}

/**
 * Leaves out what the question did not ask for, so that nobody can plant it (RFC 2181 §5.4.1, RFC 5452 §6): answer
 * records whose owner is neither the question's name nor reached from it by CNAME and DNAME records, and authority
 * records of a zone in which none of those names lies. Of a server that speaks for a `zone`, only what lies in it counts.
 * `questionName` and `zone` are in lower case, in wire form.
 */
export function relatedRecords(
  message: Buffer,
  questionName: string,
  sections: Sections,
  zone = ROOT,
): RelatedRecords {
  const ownerOf = (record: WireRecord): string =>
    message.readUInt16BE(record.start) === POINTER_TO_QUESTION
      ? questionName
      : readLowerName(message, record.start);
  const { answers, authorities } = sections;
  const owners = answers.map(ownerOf);
  const isInZone = (name: string): boolean => zone === ROOT || isAtOrBelow(name, zone);
  const chain = followAliases(message, questionName, answers, owners, isInZone);
  const leavesZone = zone !== ROOT && [...chain].some((name) => !isInZone(name));
  const isAbove = (owner: string): boolean => {
    for (const name of chain) if (isAtOrBelow(name, owner)) return true;
    return false;
  };
  const related = answers.filter((record, index) => {
    const owner = owners[index] ?? '';
    return isInZone(owner) && (chain.has(owner) || (record.type === TYPE.DNAME && isAbove(owner)));
  });
  return {
    answers: related,
    types: new Set(related.filter((record) => chain.has(ownerOf(record))).map(({ type }) => type)),
    // Those of a response that leads out of the zone are about the end of the chain.
    authorities: authorities.filter((record) => {
      const owner = ownerOf(record);
      return !leavesZone && isInZone(owner) && isAbove(owner);
    }),
    leavesZone,
  };
}

/** A record that makes one name of another. */
interface Alias {
  readonly isDname: boolean;
  readonly owner: string;
  readonly target: string;
}

/** The question's name and every name that the answer section makes of it, in whatever order its records stand. */
function followAliases(
  message: Buffer,
  questionName: string,
  answers: readonly WireRecord[],
  owners: readonly string[],
  isInZone: (name: string) => boolean,
): ReadonlySet<string> {
  const aliases = answers.flatMap(({ type, head }, index): Alias[] => {
    if (type !== TYPE.CNAME && type !== TYPE.DNAME) return [];
    const owner = owners[index] ?? '';
    if (!isInZone(owner)) return [];
    const target = readLowerName(message, head + RECORD_HEAD_BYTES);
    return [{ isDname: type === TYPE.DNAME, owner, target }];
  });
  const chain = new Set([questionName]);
  let sizeBefore = 0;
  while (chain.size > sizeBefore) {
    sizeBefore = chain.size;
    for (const alias of aliases) {
      for (const name of alias.isDname ? substitutes(chain, alias) : targets(chain, alias)) {
        if (chain.size < MAX_CHAIN_NAMES && name.length <= MAX_NAME_BYTES) chain.add(name);
      }
    }
  }
  return chain;
}

function targets(chain: ReadonlySet<string>, { owner, target }: Alias): string[] {
  return chain.has(owner) ? [target] : [];
}

/** What a DNAME record makes of the names below its owner (RFC 6672 §2.2). */
function substitutes(chain: ReadonlySet<string>, { owner, target }: Alias): string[] {
  return [...chain]
    .filter((name) => name !== owner && isAtOrBelow(name, owner))
    .map((name) => name.slice(0, -owner.length) + target);
}
