/** Name, labels in braces whose quoted values may hold anything, value; a time stamp may follow. */
const SAMPLE = /^([A-Za-z_:][\w:.]*)\s*(\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\})?\s+(\S+)(?:\s+-?\d+(?:\.\d+)?)?$/;

/** Cumulative counts below a bound: dozens a histogram, and none of them a size. */
const BUCKET = /_bucket\{.*\ble=/;

/** What stands for a number that is none, or not finite, has no place among readings. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * The samples of a Prometheus text exposition (version 0.0.4), or of OpenMetrics, by name with its labels as they
 * stand: `jobs{queue="mail"}`. Buckets of histograms are left out, and so are values that are not finite and lines
 * that are no sample. Null when not a single line is one: this is some other text.
 */
export function parsePrometheus(text: string): ReadonlyMap<string, number> | null {
  const gauges = new Map<string, number>();
  let samples = 0;
  for (const line of text.split('\n')) {
    const parts = line.startsWith('#') ? null : SAMPLE.exec(line.trim());
    if (parts === null) continue;
    samples++;
    const [, name = '', labels = '', value = ''] = parts;
    if (DECIMAL.test(value) && Number.isFinite(Number(value)) && !BUCKET.test(name + labels)) {
      gauges.set(labels === '{}' ? name : name + labels, Number(value));
    }
  }
  return samples === 0 ? null : gauges;
}
