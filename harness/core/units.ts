import { usageError } from './errors.js';
import type { MetricUnit } from './metric.js';

/** Bytes per byte unit: decimal prefixes count in 10³, binary ones in 2¹⁰ (IEC 80000-13). */
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** Milliseconds per duration unit. */
const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1e3,
  min: 60e3,
  m: 60e3,
  h: 3600e3,
};

/** Times per minute of each unit that a growth rate may be stated in. */
const PER_MINUTE: Readonly<Record<string, number>> = { s: 60, min: 1, m: 1, h: 1 / 60 };

/** Largest growth per minute that can be asked for: beyond it is a slip, and digits would be lost. */
const MAX_GROWTH_PER_MIN = 2 ** 50;

/** How growth of each unit is written. */
const GROWTH_EXAMPLES: Readonly<Record<MetricUnit, string>> = {
  bytes: '1MiB/min or 200KiB/s',
  count: '1/min or 30/h',
  percent: '5%/min or 60%/h',
  number: '10/min or 1MiB/min',
};

const NUMBER = '\\d+(?:\\.\\d+)?|\\.\\d+';
const BYTE_UNITS = Object.keys(BYTES).join(', ');

/** The range a duration must lie in, and the name of the option that it belongs to. */
export interface DurationRange {
  /** What the text belongs to, for the message, e.g. `--duration`. */
  readonly name: string;
  readonly minMs: number;
  readonly maxMs: number;
}

/** Bytes from `64KiB`, `1.5MB` or `4096B`; refuses a missing unit, zero and anything not finite. */
export function parseBytes(text: string, name = 'size'): number {
  const match = new RegExp(`^(${NUMBER})([A-Za-z]+)$`).exec(text.trim());
  const bytes = Number(match?.[1]) * (BYTES[match?.[2] ?? ''] ?? Number.NaN);
  if (Number.isFinite(bytes) && bytes > 0) return bytes;
  throw usageError(
    `${name} "${text}" is not a size above zero: write a number and one of ${BYTE_UNITS}, e.g. 64MiB`,
  );
}

/** Milliseconds from `500ms`, `40s`, `5m`, `5min`, `2h` or several of them in a row (`1m30s`). */
export function parseDuration(text: string, range: DurationRange): number {
  const one = `(?:${NUMBER})(?:ms|s|min|m|h)`;
  const accepted = 'a number with ms, s, m (min) or h, e.g. 500ms, 40s, 5m, 1m30s';
  if (!new RegExp(`^(?:${one})+$`).test(text.trim())) {
    throw usageError(`${range.name} "${text}" is not a duration: write ${accepted}`);
  }
  let total = 0;
  for (const part of text.matchAll(new RegExp(`(${NUMBER})(ms|s|min|m|h)`, 'g'))) {
    total += Number(part[1]) * (MILLISECONDS[part[2] ?? ''] ?? Number.NaN);
  }
  if (Number.isFinite(total) && total >= range.minMs && total <= range.maxMs) return total;
  throw usageError(
    `${range.name} "${text}" is out of range: give between ${formatDuration(range.minMs)} and ${formatDuration(range.maxMs)}`,
  );
}

/**
 * Base units per minute from `1MiB/min` or `200KiB/s` (bytes), `1/min` or `30/h` (counts), `5%/min` (percent); of a
 * number whose unit is unknown either way: a gauge may well count bytes.
 */
export function parseGrowth(text: string, unit: MetricUnit, name = 'growth'): number {
  const match = new RegExp(`^(${NUMBER})([A-Za-z]*|%)/([A-Za-z]+)$`).exec(text.trim());
  const example = GROWTH_EXAMPLES[unit];
  if (match === null) {
    throw usageError(`${name} "${text}" is not a growth rate: write ${example} (per s, min or h)`);
  }
  const [, number = '', scale = '', per = ''] = match;
  if (unit === 'count' && scale !== '') {
    throw usageError(`${name} "${text}": a count has no unit "${scale}", write ${example}`);
  }
  if (unit === 'percent' && scale !== '%') {
    throw usageError(`${name} "${text}": a percentage needs its sign, write ${example}`);
  }
  if ((unit === 'bytes' || (unit === 'number' && scale !== '')) && !Object.hasOwn(BYTES, scale)) {
    throw usageError(`${name} "${text}": bytes need one of ${BYTE_UNITS}, write ${example}`);
  }
  if (!Object.hasOwn(PER_MINUTE, per)) {
    throw usageError(`${name} "${text}": "/${per}" is not a time, write /s, /min or /h as in ${example}`);
  }
  const growth =
    Number(number) * (unit === 'percent' ? 1 : (BYTES[scale] ?? 1)) * (PER_MINUTE[per] as number);
  if (growth > 0 && growth <= MAX_GROWTH_PER_MIN) return growth;
  throw usageError(
    `${name} "${text}" must be above zero and below what a machine can hold: write e.g. ${example}`,
  );
}

/** Names ordered by edit distance from what was typed; equally close ones keep their order. */
export function closestFirst<Name extends string>(typed: string, names: readonly Name[]): Name[] {
  const distance = new Map(names.map((name) => [name, editDistance(typed.toLowerCase(), name)]));
  return [...names].sort((a, b) => (distance.get(a) ?? 0) - (distance.get(b) ?? 0));
}

/** Insertions, deletions and substitutions that turn one text into the other (Levenshtein 1966). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const substitute = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}

/** Bytes in the binary unit that reads best: `7.9 MiB`, `512 B`, `-1.0 KiB`. */
export function formatBytes(bytes: number): string {
  const { divisor, unit } = byteScale(bytes);
  return `${formatNumber(bytes / divisor, divisor === 1 ? 0 : 1)} ${unit}`;
}

/** A value of a metric in its own unit: bytes scaled, counts plain (at most one decimal), numbers to four digits. */
export function formatQuantity(value: number, unit: MetricUnit): string {
  if (unit === 'bytes') return formatBytes(value);
  if (unit === 'number') return String(fourDigits(value));
  return `${Number(value.toFixed(1)) + 0}${unit === 'percent' ? ' %' : ''}`;
}

/** Growth per minute with its sign for bytes and counts alike: `+72.3 MiB/min`, `-0.4 /min`, `0 B/min`. */
export function formatGrowth(perMin: number, unit: MetricUnit): string {
  const text = formatRate(perMin, unit);
  return perMin > 0 && !/^0(?:\.0*)? /.test(text) ? `+${text}` : text;
}

/** Growth per minute without a plus sign: `1 MiB/min`, `0.4 /min`; for budgets, floors and half-widths. */
export function formatRate(perMin: number, unit: MetricUnit): string {
  const { divisor, unit: scale } = scaleOf(perMin, unit);
  return `${formatNumber(perMin / divisor, decimalsFor(perMin / divisor))} ${scale}/min`;
}

/**
 * Growth and half-width in one common unit, so that they can be compared at a glance: `72.3 ± 1.2 MiB/min`. The
 * unit is that of the largest of them and `besides` (a budget printed next to them): `0.02 ± 0.11 MiB/min`.
 */
export function formatGrowthWithInterval(
  perMin: number,
  halfWidth: number,
  unit: MetricUnit,
  besides = 0,
): string {
  const largest = Math.max(Math.abs(perMin), halfWidth, besides);
  const { divisor, unit: scale } = scaleOf(largest, unit);
  const decimals = decimalsFor(Math.max(Math.abs(perMin), halfWidth) / divisor);
  const half = formatNumber(halfWidth / divisor, decimals);
  const smallest = formatNumber(10 ** -decimals, decimals);
  return `${formatNumber(perMin / divisor, decimals)} ± ${half === '0' && halfWidth > 0 ? `<${smallest}` : half} ${scale}/min`;
}

/** A duration as people write it, in at most two units: `350 ms`, `40 s`, `1 min 30 s`, `2 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return 'unlimited';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000 && ms % 1000 !== 0) return `${Number((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const parts: readonly (readonly [number, string])[] =
    seconds < 3600
      ? [
          [Math.floor(seconds / 60), 'min'],
          [seconds % 60, 's'],
        ]
      : [
          [Math.floor(seconds / 3600), 'h'],
          [Math.floor((seconds % 3600) / 60), 'min'],
        ];
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

/** Four digits, but never fewer than stand before the point. */
function fourDigits(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}

function scaleOf(size: number, unit: MetricUnit): { divisor: number; unit: string } {
  return unit === 'bytes' ? byteScale(size) : { divisor: 1, unit: unit === 'percent' ? '%' : '' };
}

function byteScale(bytes: number): { divisor: number; unit: string } {
  const size = Math.abs(bytes);
  if (size >= 2 ** 30) return { divisor: 2 ** 30, unit: 'GiB' };
  if (size >= 2 ** 20) return { divisor: 2 ** 20, unit: 'MiB' };
  if (size >= 2 ** 10) return { divisor: 2 ** 10, unit: 'KiB' };
  return { divisor: 1, unit: 'B' };
}

/** Decimals that give a rate about three digits. */
function decimalsFor(rate: number): number {
  return Math.abs(rate) >= 10 ? 1 : 2;
}

/** A number with at most so many decimals, without trailing zeros and without a minus before zero. */
function formatNumber(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)) + 0);
}
