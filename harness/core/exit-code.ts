/**
 * What a run or a command answers with.
 *
 * 0 pass · 1 the target fell short · 2 inconclusive or invalid · 3 could not be run ·
 * 4 usage or configuration · 130 interrupted.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;

/** Where several apply the first of these wins: an order of meaning, not of size. */
const PRECEDENCE: readonly ExitCode[] = [130, 4, 3, 1, 2, 0];

/** The code that speaks for several; nothing at all to speak for is our own failure (3). */
export function dominantExitCode(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? 3;
}
