import { execFileSync } from 'node:child_process';

/** vitest global set-up: end-to-end tests run the compiled command, so the compiled command must be today's. */
export default function buildOnce(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
