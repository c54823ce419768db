/** Values that are separated by commas or tabs, read and written as RFC 4180 has it. */

/** Rows of cells, the first `most` of them. */
export function rowsIn(text: string, separator: ',' | ';' | '\t', most: number): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const source = text.endsWith('\n') ? text : `${text}\n`;
  for (let at = 0; at < source.length && rows.length < most; at += 1) {
    const character = source[at] ?? '';
    if (quoted) {
      if (character !== '"') cell += character;
      else if (source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === separator) {
      row.push(cell);
      cell = '';
    } else if (character === '\n') {
      rows.push([...row, cell.replace(/\r$/, '')]);
      row = [];
      cell = '';
    } else cell += character;
  }
  return rows;
}

/** Of commas and semicolons, the one that the first line has more of. */
export function separatorOf(text: string): ',' | ';' {
  const line = text.split('\n', 1)[0] ?? '';
  return line.split(';').length > line.split(',').length ? ';' : ',';
}

export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(quotedIfNeeded).join(',')).join('\r\n');
}

function quotedIfNeeded(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
