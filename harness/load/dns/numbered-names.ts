import { encodeQuestion, TYPE } from './dns-wire.js';
import type { QuestionSource } from './question-source.js';

/** A-questions for `d0.<zone>` to `d<count - 1>.<zone>`, in turn and over again. */
export function numberedNames(zone: string, count: number): QuestionSource {
  const nameOf = (sequence: number): string => `d${sequence % count}.${zone}`;
  return {
    write(sequence, into, at) {
      const message = encodeQuestion(0, nameOf(sequence), TYPE.A);
      into.set(message, at);
      return message.length;
    },
    nameOf,
    typeOf: () => TYPE.A,
  };
}
