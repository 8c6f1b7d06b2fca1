/** The labels of the name in a question key (`Query.key`). */
export function labelsOf(key: string): string[] {
  const labels: string[] = [];
  for (let at = 0; key.charCodeAt(at) > 0; at += key.charCodeAt(at) + 1) {
    labels.push(key.slice(at + 1, at + 1 + key.charCodeAt(at)));
  }
  return labels;
}
