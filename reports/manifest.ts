import { z } from 'zod';
import { messageOf, usageError } from '../harness/core/errors.js';
import type { Manifest } from '../harness/core/manifest.js';
import { isMetricName, type MetricName } from '../harness/core/metric.js';
import { PHASES } from '../harness/core/phase.js';
import { SERVICES } from '../harness/core/service-address.js';
import { WARNING_IDS } from '../harness/core/warning.js';
import { attributionSchema } from './attribution-schema.js';

const share = z.number().min(0).nullable();
const count = z.number().min(0);
const metric = z.custom<MetricName>(
  (name) => typeof name === 'string' && isMetricName(name),
  'unknown metric',
);
const ceilingSchema = z.object({
  metric,
  value: z.number().positive(),
  explicit: z.boolean(),
});

const planSchema = z.object({
  durationMs: z.number().positive(),
  maxDurationMs: z.number().positive(),
  warmUpMs: count,
  warmUpLimitMs: count.nullable().default(null),
  autoWarmUp: z.boolean(),
  drainMs: count,
  cycles: z.number().int().positive(),
  cleanupPeriodMs: z.number().positive().nullable(),
  failFast: z.boolean(),
  sampleEveryMs: z.number().positive(),
  ratePerSec: count,
  rateFlow: z.string().nullable().default(null),
  outstanding: count.nullable().default(null),
  seed: z.number(),
  forceGc: z.boolean(),
  sampler: z.enum(['proc', 'pidusage']),
  budgets: z.array(z.object({ metric, growthPerMin: z.number().positive(), explicit: z.boolean() })),
  levels: z.array(z.object({ metric, value: z.number().positive() })).default([]),
  services: z.array(z.enum(SERVICES)).default([]),
  ceilings: z.array(ceilingSchema).default([]),
  overload: z.boolean(),
  gauges: z
    .object({
      url: z.string().nullable(),
      pprof: z.string().nullable(),
      only: z.array(z.string()),
      everyMs: z.number().positive(),
    })
    .nullable()
    .default(null),
});

const targetSchema = z.object({
  kind: z.enum(['built-in', 'command', 'attached']),
  command: z.array(z.string()),
  pid: z.number().nullable(),
  version: z.string().nullable(),
  isNode: z.boolean().nullable().default(null),
  addresses: z.record(z.string(), z.string()),
});

const machineSchema = z.object({
  platform: z.string(),
  kernel: z.string(),
  arch: z.string(),
  cpu: z.string(),
  cpuCount: count,
  memoryBytes: count,
  node: z.string(),
  allocatorEnv: z.record(z.string(), z.string()),
});

const loadSchema = z.object({
  intended: count,
  offered: count,
  answered: count,
  wrong: count,
  // Earlier versions counted them among the wrong ones.
  errors: count.default(0),
  timeouts: count,
  dropped: count,
  latencyMs: z.object({ p50: count.nullable(), p99: count.nullable() }),
  generator: z
    .object({
      io: z.string(),
      scheduleErrorP99Ms: count.nullable(),
      cpuMs: count,
      kernelDrops: count.nullable(),
    })
    .exactOptional(),
});

const targetExitSchema = z.object({
  code: z.number().nullable(),
  signal: z.string().nullable(),
  zombie: z.boolean().default(false),
  servedBy: z.number().nullable().default(null),
  expected: z.boolean(),
  killed: z.boolean(),
  // Recordings of the first version say no more than whether there was one.
  memoryLimit: z.preprocess(
    (value) => (typeof value === 'boolean' ? (value ? 'a memory limit' : null) : value),
    z.string().nullable(),
  ),
  oomKill: z.boolean().nullable().default(null),
  output: z.object({ bytes: count, cut: z.boolean(), closedEarly: z.boolean() }).nullable().default(null),
  lastLines: z.array(z.string()),
});

const serviceSchema = z.object({
  service: z.string(),
  asked: count,
  answered: count,
  latencyMs: z.object({ p50: count.nullable(), p99: count.nullable() }),
  outages: z.array(z.object({ fromMs: z.number(), toMs: z.number().nullable(), message: z.string() })),
});

const cadenceSchema = z.object({
  intervalMs: count,
  collections: count,
  cpuMsPerCollection: z.number().nullable(),
  cpuSharePercent: z.number().nullable(),
  pauseMsPerCollection: z.number().nullable().default(null),
});

/** Fields that this version does not know are left out, so that a newer minor version stays readable. */
const manifestSchema: z.ZodType<Manifest> = z.object({
  schemaVersion: z.literal(1),
  leakSoakVersion: z.string(),
  runId: z.string(),
  rigPid: count,
  state: z.enum(['running', 'finished', 'interrupted', 'failed']),
  failure: z.string().nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  scenario: z.string(),
  faults: z.array(z.string()),
  plan: planSchema,
  target: targetSchema,
  environment: z.record(z.string(), z.string()).nullable().default(null),
  readyAfterMs: count.nullable().default(null),
  machine: machineSchema,
  phases: z.array(z.object({ phase: z.enum(PHASES), startMs: z.number(), endMs: z.number().nullable() })),
  load: loadSchema.nullable(),
  structures: z.array(z.object({ name: z.string(), atSteadyStart: share, atSteadyEnd: share })).nullable(),
  probes: z.array(z.object({ at: z.enum(['ready', 'settle']), ok: z.boolean(), message: z.string() })),
  services: z.array(serviceSchema).default([]),
  cadence: cadenceSchema.nullable(),
  ceilingHit: ceilingSchema.extend({ reached: z.number(), atMs: z.number() }).nullable().default(null),
  targetExit: targetExitSchema.nullable(),
  attribution: attributionSchema.nullable().default(null),
  openDescriptors: z
    .object({ loadOn: z.boolean(), groups: z.array(z.object({ what: z.string(), count })) })
    .nullable()
    .default(null),
  warnings: z.array(
    z.object({
      id: z.enum(WARNING_IDS),
      concerns: z.enum(['reading', 'growth', 'coverage', 'note']),
      message: z.string(),
    }),
  ),
  reproduce: z.string(),
});

/** A manifest as the text of `run.json`: two spaces deep, ended by a newline. */
export function manifestJson(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The manifest in the text of a `run.json`; a usage error names the field that is missing or wrong. */
export function parseManifest(text: string, fileName: string): Manifest {
  const nextMove = 'give a directory that leak-soak run wrote';
  if (text.trim() === '') throw usageError(`${fileName}: the file is empty: ${nextMove}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw usageError(`${fileName}: not JSON (${messageOf(thrown)}): ${nextMove}`, thrown);
  }
  const result = manifestSchema.safeParse(json);
  if (result.success) return result.data;
  const [first, ...others] = result.error.issues;
  const field = first === undefined || first.path.length === 0 ? 'the whole file' : first.path.join('.');
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw usageError(
    `${fileName}: not a run manifest of leak-soak, field ${field}: ${first?.message ?? 'invalid'}${more}: ${nextMove}`,
  );
}
