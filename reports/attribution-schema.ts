import { z } from 'zod';
import type { Attribution } from '../harness/core/attribution.js';
import { STRUCTURE_KINDS } from '../harness/core/culprit.js';

const count = z.number().min(0);

const culpritSchema = z.object({
  fingerprint: z.string(),
  kind: z.enum(STRUCTURE_KINDS),
  name: z.string(),
  className: z.string(),
  structures: count,
  contents: z.array(z.object({ className: z.string(), counts: z.array(count) })),
  heldBytes: z.array(z.number()),
  retainedBytes: z.array(z.number()),
  offHeapGrowthBytes: z.number(),
  share: z.number().nullable(),
  growthPerOp: z.object({ objects: z.number(), bytes: z.number() }).nullable(),
  path: z.array(z.object({ name: z.string(), className: z.string() })),
  allocationStack: z.array(z.string()).nullable(),
  artefact: z.boolean(),
  advice: z.string(),
});

/** What heap snapshots came to, as `run.json` holds it. */
export const attributionSchema: z.ZodType<Attribution> = z.object({
  engine: z.enum(['agent', 'inspector', 'signal']),
  pid: count,
  operations: count.nullable(),
  snapshots: z.array(z.object({ file: z.string(), totalBytes: count, objects: count })),
  growthBytes: z.number(),
  culprits: z.array(culpritSchema),
});
