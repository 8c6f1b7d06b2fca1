import { numberOf } from './metric-column.js';

/** A date with or without a time of day, with or without a zone. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?))?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * Milliseconds of a time cell, NaN when it holds none. A timestamp without a zone is read as UTC: only
 * differences count, and no zone can be known.
 */
export function timeOf(cell: string, unit: number | 'iso'): number {
  if (unit !== 'iso') return numberOf(cell) * unit;
  const match = TIMESTAMP.exec(cell);
  if (match === null) return Number.NaN;
  const [, date = '', clock = '00:00', zone = 'Z'] = match;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  return Date.parse(`${date}T${clock.replace(',', '.')}${offset}`);
}
