/** A cell: its text, and how it is painted once it has been padded. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** A column's heading and on which side its text ends. */
export interface TableColumn {
  readonly heading: string;
  readonly align: 'left' | 'right';
}

const GAP = '  ';

/**
 * Rows under their headings in aligned columns, two spaces apart, no space at a line's end. Colours go on after
 * padding, so that escape codes never count as width.
 */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly Cell[])[]): string[] {
  const headings = columns.map(({ heading }): Cell => ({ text: heading }));
  const all = [headings, ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => row[i]?.text.length ?? 0)));
  return all.map((row) => {
    const cells = columns.map(({ align }, i) => {
      const { text, paint } = row[i] ?? { text: '' };
      const width = widths[i] ?? 0;
      const last = i === columns.length - 1;
      const padding = ' '.repeat(last && align === 'left' ? 0 : width - text.length);
      const painted = paint === undefined ? text : paint(text);
      return align === 'right' ? padding + painted : painted + padding;
    });
    return cells.join(GAP).trimEnd();
  });
}
