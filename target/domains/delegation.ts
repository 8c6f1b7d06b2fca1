import type { Answer } from '../dns/answer.js';
import type { Endpoint } from '../endpoint.js';
import type { StructureSize } from '../ops/structure.js';

/** Asks the name servers that a domain names. */
export interface Delegation {
  /** `onDone` is called once; null when there was no answer in time, or no room for the question. */
  ask(server: Endpoint, key: string, onDone: (answer: Answer | null) => void): void;
  structures(): readonly StructureSize[];
  close(): void;
}

/** Name under which `/health` lists the questions, whichever implementation is in use. */
export const DELEGATION_STRUCTURE = 'delegated-questions';
