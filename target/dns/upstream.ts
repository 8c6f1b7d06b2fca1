import type { StructureSize } from '../ops/structure.js';
import type { Answer } from './answer.js';
import type { AddResult } from './in-flight.js';

/** What came of asking: unless the question was added, it was not asked. */
export type AskResult = AddResult | 'no-forwarder';

/** Finds answers that the node does not have itself: by asking other resolvers, or the name servers of the world. */
export interface Upstream {
  /** When the question was added, `onDone` is called exactly once, never before the return, and else never. */
  ask(key: string, onDone: (answer: Answer | null) => void): AskResult;
  structures(): readonly StructureSize[];
  /** Closes its sockets and forgets the questions in flight. */
  close(): void;
}
