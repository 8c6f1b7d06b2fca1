import picocolors from 'picocolors';

/** Painters of terminal text; those of a disabled set return their text unchanged. */
export type Colours = ReturnType<typeof picocolors.createColors>;

/** Painters that paint, or leave every text as it is when colours are off (no TTY, `NO_COLOR`). */
export function createColours(enabled: boolean): Colours {
  return picocolors.createColors(enabled);
}
