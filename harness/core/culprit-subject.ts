import type { Culprit } from './culprit.js';

/** What a sentence calls a culprit: its name and class, e.g. `entries (Map)`; of handles, which nobody named, what they are. */
export function subjectOf({
  kind,
  name,
  className,
  contents,
}: Pick<Culprit, 'kind' | 'name' | 'className' | 'contents'>): string {
  const [first] = contents;
  if (kind === 'handles' && first !== undefined) return `${first.className} in ${className}`;
  return name === className ? name : `${name} (${className})`;
}
