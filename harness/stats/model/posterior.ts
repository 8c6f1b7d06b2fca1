import { studentCdf, studentQuantile } from '../math/student-t.js';

/** One model's say about the terminal slope: a scaled Student t. */
export interface Component {
  readonly weight: number;
  readonly slope: number;
  readonly se: number;
  readonly degreesOfFreedom: number;
}

/** Up to two degrees of freedom a t has no variance; this stands in for its ratio to se². */
const HEAVY_TAIL = 6;

/** What is believed about the terminal slope after averaging over models. Unit: resolution steps per ms. */
export interface Posterior {
  readonly slope: number;
  /** Standard deviation of the mixture. */
  readonly sd: number;
  /** Half of the 90 % interval, from the mixture's standard deviation and the best model's t quantile. */
  readonly halfWidth: number;
  readonly degreesOfFreedom: number;
  /** Probability that the slope exceeds a rate; never rises with it. */
  exceeds(rate: number): number;
}

/** Mixes the components (weights sum to 1); `degreesOfFreedom` are those of the most probable model. */
export function mixComponents(components: readonly Component[], degreesOfFreedom: number): Posterior {
  let slope = 0;
  for (const { weight, slope: own } of components) slope += weight * own;
  let variance = 0;
  for (const { weight, slope: own, se, degreesOfFreedom: df } of components) {
    variance += weight * (se * se * tVariance(df) + (own - slope) ** 2);
  }
  const sd = Math.sqrt(variance);
  const t = studentQuantile(0.95, degreesOfFreedom);
  return {
    slope,
    sd,
    halfWidth: (t * sd) / Math.sqrt(tVariance(degreesOfFreedom)),
    degreesOfFreedom,
    exceeds(rate) {
      let probability = 0;
      for (const { weight, slope: own, se, degreesOfFreedom: df } of components) {
        probability += weight * studentCdf((own - rate) / se, df);
      }
      return Math.min(1, probability);
    },
  };
}

function tVariance(df: number): number {
  return df > 2 ? Math.min(HEAVY_TAIL, df / (df - 2)) : HEAVY_TAIL;
}
