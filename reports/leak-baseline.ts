import { z } from 'zod';
import { messageOf, usageError } from '../harness/core/errors.js';
import type { KnownLeak, LeakBaseline } from '../harness/core/leak-baseline.js';
import { isMetricName, type MetricName } from '../harness/core/metric.js';

const KEPT_UP = 'take it back from version control, or record it anew with --update-baseline in another file';

/** Strict, so that a slip of the pen in a file that people edit is said and not passed over. */
const leakSchema = z.strictObject({
  scenario: z.string().min(1),
  command: z.string().nullable(),
  metric: z.custom<MetricName>((name) => typeof name === 'string' && isMetricName(name), 'unknown metric'),
  growthPerMin: z.number().positive(),
  halfWidthPerMin: z.number().min(0),
  growthPerOp: z.number().positive().nullable(),
  growth: z.string(),
  culprits: z.array(z.strictObject({ fingerprint: z.string().min(1), structure: z.string() })),
  reason: z
    .string()
    .trim()
    .min(1, 'say why this leak may stay')
    .regex(/^\P{Cc}*$/u, 'write it in one line'),
  expires: z.iso.date('give a day, e.g. 2027-02-18'),
  recorded: z.iso.date('give a day, e.g. 2026-11-20'),
}) satisfies z.ZodType<KnownLeak>;

const baselineSchema = z.strictObject({
  schemaVersion: z.literal(1),
  knownLeaks: z.array(leakSchema),
}) satisfies z.ZodType<LeakBaseline>;

/** A baseline as the text of its file: two spaces deep, ended by a newline. */
export function leakBaselineJson(baseline: LeakBaseline): string {
  return `${JSON.stringify(baseline, null, 2)}\n`;
}

/**
 * The baseline in a file's text. `source` names it as the user did, e.g. `--baseline leaks.json`. Throws `usage`
 * for what is no JSON, of another version, or not what a baseline holds, with the place and the next move.
 */
export function parseLeakBaseline(text: string, source: string): LeakBaseline {
  if (text.trim() === '') throw usageError(`${source} is empty: ${KEPT_UP}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw usageError(`${source} is not JSON (${messageOf(thrown)}): ${KEPT_UP}`, thrown);
  }
  checkVersion(json, source);
  const result = baselineSchema.safeParse(json);
  if (!result.success) {
    const [first, ...others] = result.error.issues;
    const field = first === undefined || first.path.length === 0 ? 'the whole file' : first.path.join('.');
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    throw usageError(
      `${source} is no baseline of leak-soak, ${field}: ${first?.message ?? 'invalid'}${more}: correct it there, or ${KEPT_UP}`,
    );
  }
  checkUnique(result.data, source);
  return result.data;
}

function checkVersion(json: unknown, source: string): void {
  if (typeof json !== 'object' || json === null || !('schemaVersion' in json)) return;
  const { schemaVersion } = json;
  if (schemaVersion === 1) return;
  throw usageError(
    `${source} has schemaVersion ${JSON.stringify(schemaVersion)}, and this version of leak-soak knows 1: use the ` +
      'leak-soak that wrote it, or record it anew with --update-baseline in another file',
  );
}

/** Two entries for one metric would leave open which of them holds. */
function checkUnique({ knownLeaks }: LeakBaseline, source: string): void {
  const seen = new Set<string>();
  for (const [place, { scenario, command, metric }] of knownLeaks.entries()) {
    const key = JSON.stringify([scenario, command, metric]);
    if (seen.has(key)) {
      const whose = command === null ? scenario : `${scenario} of ${command}`;
      throw usageError(
        `${source}, knownLeaks.${place}: a second entry for ${metric} in ${whose}: take one of them out`,
      );
    }
    seen.add(key);
  }
}
