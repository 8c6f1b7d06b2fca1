import { hash32 } from '../../harness/core/random.js';

/**
 * A named stream of random numbers: sfc32 (Doty-Humphrey) seeded by three hashes of its key, so that every
 * component of a trace draws from its own stream and a longer trace begins with the shorter one.
 */
export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private spareNormal: number | null = null;

  constructor(key: string) {
    this.a = hash32(`${key}|a`);
    this.b = hash32(`${key}|b`);
    this.c = hash32(`${key}|c`);
    for (let i = 0; i < 15; i++) this.unit();
  }

  /** Uniform in [0, 1). */
  unit(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }

  uniform(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** Uniform in the logarithm. */
  logUniform(low: number, high: number): number {
    return Math.exp(this.uniform(Math.log(low), Math.log(high)));
  }

  /** Standard normal (Box & Muller 1958), both values of a pair used. */
  normal(): number {
    if (this.spareNormal !== null) {
      const spare = this.spareNormal;
      this.spareNormal = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(Math.max(1e-12, this.unit())));
    const angle = 2 * Math.PI * this.unit();
    this.spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(1 - this.unit());
  }
}
