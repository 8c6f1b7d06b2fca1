/**
 * A result as JSON text, two spaces deep and ended by a newline: what `--json` prints and `verdict.json` holds.
 * Numbers are finite or null, since JSON has neither NaN nor Infinity.
 */
export function resultJson(result: object): string {
  const finite = (_: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isFinite(value) ? null : value;
  return `${JSON.stringify(result, finite, 2)}\n`;
}
