import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SnapshotFormatError } from './section.js';

/** A file as it is read: packed with gzip or not. */
export interface SnapshotFile {
  /** Bytes on disk. */
  readonly storedBytes: number;
  /** Most bytes that it can unpack to. */
  readonly maxBytes: number;
  /** Whether `maxBytes` is also what it has. */
  readonly plain: boolean;
  /** Its bytes, at most `chunkBytes` at a time; a chunk is good until the next one is asked for. */
  chunks(chunkBytes: number): AsyncIterable<Uint8Array>;
}

/** The first two bytes of every gzip file (RFC 1952 §2.3.1). */
const GZIP_MAGIC = 0x1f8b;
/** Deflate packs no better than this (zlib's technical details). */
const MAX_GZIP_RATIO = 1032;

/** Looks at a file. Throws `SnapshotFormatError` when there is nothing in it, and the system's error when there is none. */
export async function openSnapshotFile(path: string): Promise<SnapshotFile> {
  const handle = await open(path);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new SnapshotFormatError('is not a file');
    if (stat.size === 0) throw new SnapshotFormatError('is empty');
    const magic = Buffer.alloc(2);
    await handle.read(magic, 0, 2, 0);
    const plain = magic.readUInt16BE() !== GZIP_MAGIC;
    return {
      storedBytes: stat.size,
      maxBytes: plain ? stat.size : stat.size * MAX_GZIP_RATIO,
      plain,
      chunks: plain ? (bytes) => plainChunks(path, bytes) : (bytes) => unpackedChunks(path, bytes),
    };
  } finally {
    await handle.close();
  }
}

/** Reads into one buffer again and again: a stream would allocate the whole file, chunk by chunk. */
async function* plainChunks(path: string, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const handle = await open(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(chunkBytes);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function* unpackedChunks(path: string, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const unpacked = createGunzip({ chunkSize: chunkBytes });
  pipeline(createReadStream(path, { highWaterMark: chunkBytes }), unpacked, () => undefined);
  try {
    yield* unpacked;
  } catch (error) {
    throw new SnapshotFormatError(`cannot be unpacked: ${(error as Error).message}`);
  }
}
