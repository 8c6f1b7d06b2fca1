import { readFileSync } from 'node:fs';

/** Version of this package, from its package.json (two folders up in the sources, three in `dist/`). */
export const VERSION: string = readVersion();

function readVersion(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
        name: string;
        version: string;
      };
      if (name === 'leak-soak') return version;
    } catch {
      // Not at this depth.
    }
  }
  return 'unknown';
}
