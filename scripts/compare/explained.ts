import type { AnswerFacts } from './answer-facts.js';
import type { Question } from './questions.js';
import { OTHER, ZONE } from './zone.js';

/** A difference that there is for a reason. */
export interface Explained {
  readonly reason: string;
  matches(question: Question, node: AnswerFacts | null, unbound: AnswerFacts | null): boolean;
}

const DS = 43;

/** Whatever else differs is a mistake, of the node or of this comparison. */
export const EXPLAINED: readonly Explained[] = [
  {
    reason:
      'unbound asks the parent of a zone for its DS, and nobody here is; the node passes on what it is told',
    matches: ({ labels, type }) => type === DS && [ZONE, OTHER].includes(labels.join('.')),
  },
  {
    reason:
      'the alias that a DNAME makes has the letters of the question, which the node sends in random case (0x20)',
    matches: (_question, node, unbound) => {
      const lower = (facts: AnswerFacts | null): string =>
        JSON.stringify(facts?.answers ?? null).toLowerCase();
      return lower(node) === lower(unbound) && (node?.answers ?? []).some((text) => text.includes(' DNAME '));
    },
  },
];
