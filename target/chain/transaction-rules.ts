import { type Block, CLASS_DOMAIN } from './block.js';
import { readDomainData } from './domain-data.js';

/** What is known of the chain below a block. */
export interface KnownBlocks {
  latestOf(identity: string): Block | null;
  latestBy(pubKey: string): Block | null;
}

const DAY_SEC = 86_400;
/** A key may make one new domain in this time. */
export const NEW_DOMAIN_INTERVAL_SEC = DAY_SEC;
/** So long is a domain answered for without being renewed. */
export const DOMAIN_LIFETIME_SEC = 365 * DAY_SEC;
/** So long after that only its owner may renew it. */
const RENEWAL_SEC = 30 * DAY_SEC;

/**
 * True when the block's transaction may follow: a domain of a zone that there is, free or the maker's own, and not the
 * second new one of the same key in a day. A block without a transaction may always follow: ALFIS's rules about who may
 * confirm are not checked.
 */
export function isTransactionAllowed(block: Block, known: KnownBlocks): boolean {
  const { transaction, timestamp, pubKey } = block;
  if (transaction === null) return true;
  if (transaction.class !== CLASS_DOMAIN || transaction.identity === '') return false;
  if (readDomainData(transaction.data) === null) return false;
  const latest = known.latestOf(transaction.identity);
  if (latest !== null) return latest.transaction?.signing === pubKey || isFree(latest, timestamp);
  const last = known.latestBy(pubKey);
  return last === null || last.timestamp + NEW_DOMAIN_INTERVAL_SEC <= timestamp;
}

function isFree({ timestamp }: Block, nowSec: number): boolean {
  return timestamp + DOMAIN_LIFETIME_SEC + RENEWAL_SEC < nowSec;
}
