import { get } from 'node:http';
import type { StructureSize } from '../core/structure.js';

/** Longest the target's own report may take: it must not hold up a phase. */
const TIMEOUT_MS = 1000;

/** Longest report that is read. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads the sizes of the target's long-lived structures from its `/health`, over a connection that is closed
 * at once so that it does not count among the target's descriptors.
 *
 * Resolves to null when the target does not answer in time or answers something else: a size that could not
 * be read is missing, not zero.
 */
export async function readStructures(opsAddress: string): Promise<readonly StructureSize[] | null> {
  try {
    const body = JSON.parse(await getText(`http://${opsAddress}/health`)) as { structures?: unknown };
    return Array.isArray(body.structures) ? body.structures.filter(isStructureSize) : null;
  } catch {
    return null;
  }
}

function getText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_BYTES) request.destroy(new Error('the report is too long'));
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

function isStructureSize(entry: unknown): entry is StructureSize {
  const size = (entry ?? {}) as Record<string, unknown>;
  const numberOrNull = (value: unknown): boolean => value === null || Number.isFinite(value);
  return (
    typeof size.name === 'string' &&
    Number.isFinite(size.entries) &&
    numberOrNull(size.bytes) &&
    numberOrNull(size.limit) &&
    numberOrNull(size.fill)
  );
}
