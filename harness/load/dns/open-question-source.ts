import type { DnsLoadPlan } from '../plan.js';
import { listedQuestions } from './listed-questions.js';
import { numberedNames } from './numbered-names.js';
import type { QuestionSource } from './question-source.js';
import { uniqueNames } from './unique-names.js';
import { zipf } from './zipf.js';
import { normalizeZone } from './zone-name.js';

/**
 * The questions that a plan asks for.
 *
 * @throws HarnessError `usage` for a zone that is no DNS name, or a file that cannot be read as questions
 */
export function openQuestionSource(plan: DnsLoadPlan): QuestionSource {
  const { questions = { kind: 'unique' }, seed } = plan;
  switch (questions.kind) {
    case 'unique':
      return uniqueNames(normalizeZone(plan.zone), seed);
    case 'zipf':
      return zipf(uniqueNames(normalizeZone(plan.zone), seed), questions.count, questions.exponent, seed);
    case 'numbered':
      return numberedNames(normalizeZone(plan.zone), questions.count);
    case 'names':
      return listedQuestions(questions.path, false);
    case 'queries':
      return listedQuestions(questions.path, true);
  }
}
