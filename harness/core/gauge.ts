/** A figure that a target publishes about itself: named by the target, in a unit that only the target knows. */
export type GaugeName = `gauge.${string}`;

const PREFIX = 'gauge.';

/** The readings of one scrape, by the name under which they are stored. */
export type GaugeCells = Readonly<Record<GaugeName, number>>;

/** Whether a metric's or column's name is that of a gauge. */
export function isGauge(name: string): name is GaugeName {
  return name.startsWith(PREFIX) && name.length > PREFIX.length;
}

/** The name under which a gauge of the target is stored and judged. */
export function gaugeName(name: string): GaugeName {
  return `${PREFIX}${name}`;
}
