/** Deeper than any report of a server's health; a guard against one that nests for ever. */
const MAX_DEPTH = 10;

/**
 * The numbers of a JSON document at any depth, their names joined by dots: `{"cache": {"entries": 7}}` is
 * `cache.entries`. An element of a list goes by its `name` or `id` where it has one, since places shift, else by its
 * place. Null when the text is no JSON object or list.
 */
export function parseJsonGauges(text: string): ReadonlyMap<string, number> | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null) return null;
  const gauges = new Map<string, number>();
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'number' && Number.isFinite(value)) gauges.set(path.join('.'), value);
    if (typeof value !== 'object' || value === null || path.length >= MAX_DEPTH) return;
    for (const [key, inner] of Object.entries(value)) {
      walk(inner, [...path, (Array.isArray(value) ? ownName(inner) : null) ?? key]);
    }
  };
  walk(json, []);
  return gauges;
}

function ownName(element: unknown): string | null {
  if (typeof element !== 'object' || element === null) return null;
  const { name, id } = element as Record<string, unknown>;
  return [name, id].find((word): word is string => typeof word === 'string' && word !== '') ?? null;
}
