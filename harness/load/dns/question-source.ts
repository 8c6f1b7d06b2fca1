/** Where a driver's questions come from; the same number gives the same question, so none is remembered. */
export interface QuestionSource {
  /**
   * Writes question number `sequence` (0, 1, …) as a whole message with id 0; returns its length, which is at most
   * `MAX_QUESTION_BYTES`.
   */
  write(sequence: number, into: Uint8Array, at: number): number;
  /** Its name, lower case, without a final dot. */
  nameOf(sequence: number): string;
  /** Its type, e.g. 1 for A. */
  typeOf(sequence: number): number;
}

/** A header, a name of 255 bytes, type and class (RFC 1035 §2.3.4). */
export const MAX_QUESTION_BYTES = 12 + 255 + 4;

/** Every `step`-th question of a source, beginning with number `first`: drivers that share a source ask no question twice. */
export function everyNth(source: QuestionSource, step: number, first: number): QuestionSource {
  if (step === 1) return source;
  return {
    write: (sequence, into, at) => source.write(sequence * step + first, into, at),
    nameOf: (sequence) => source.nameOf(sequence * step + first),
    typeOf: (sequence) => source.typeOf(sequence * step + first),
  };
}
