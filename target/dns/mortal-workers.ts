import type { RequestGuard } from './request-guard.js';

/**
 * The workers of seed 000's TCP server: any error returns from the worker's function, and so does a connection that
 * ends early or carries no query. Nobody starts another one. After as many bad clients as there were workers the
 * service accepts connections and answers nothing, while its memory is perfectly flat.
 */
export class MortalWorkers {
  private alive: number;

  constructor(workers: number) {
    this.alive = workers;
  }

  readonly guard: RequestGuard =
    (serve) =>
    (...args) => {
      if (this.alive === 0) return;
      try {
        if (serve(...args) === 'unreadable') this.alive -= 1;
      } catch {
        this.alive -= 1;
      }
    };
}
