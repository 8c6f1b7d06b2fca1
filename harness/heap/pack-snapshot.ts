import { askProcess } from './ask-process.js';
import type { PackedFile, PackRequest } from './pack/pack-file.js';

/**
 * Packs a heap snapshot to keep it, in a process of its own. Throws `usage` for a file that is no snapshot,
 * `could-not-run` when it cannot be written, and the signal's reason.
 */
export async function packSnapshot(request: PackRequest, signal: AbortSignal): Promise<PackedFile> {
  const { result } = await askProcess<PackedFile>(new URL('./pack/main.js', import.meta.url), request, {
    signal,
  });
  return result;
}
