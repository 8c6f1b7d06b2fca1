import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { spareStrings } from './spare-strings.js';
import { stripStrings } from './strip-strings.js';

/** A snapshot to keep, and how. */
export interface PackRequest {
  readonly file: string;
  /** Where it goes, for this user alone. */
  readonly packed: string;
  /** Whether the contents of strings are left out. */
  readonly stripStrings: boolean;
}

export interface PackedFile {
  readonly bytes: number;
}

/** Packs a heap snapshot with gzip. Throws `usage` as `readSnapshot` does, and the system's error. */
export async function packFile({ file, packed, stripStrings: strip }: PackRequest): Promise<PackedFile> {
  const stripping = strip ? [stripStrings(spareStrings(await readSnapshot(file)))] : [];
  // Numbers in text: the fastest level packs them to a seventh already.
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  await pipeline([createReadStream(file), ...stripping, gzip, createWriteStream(packed, { mode: 0o600 })]);
  return { bytes: statSync(packed).size };
}
