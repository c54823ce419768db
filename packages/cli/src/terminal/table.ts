/** Tables for a terminal: columns as wide as what is in them, cut to the width there is. */
import { stripVTControlCharacters } from 'node:util';
import { oneLine, printable } from './printable.js';
import type { Terminal } from './terminal.js';

const GAP = 2;
const LEAST_CUT = 12;

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** The one that is cut where the terminal is too narrow for all of it. */
  readonly cut?: boolean;
  readonly right?: boolean;
  readonly paint?: (text: string, row: Row) => string;
}

/** With a line for the titles; in a pipe nothing is cut. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], terminal: Terminal): string {
  const cells = rows.map((row) => columns.map(({ cell }) => oneLine(cell(row))));
  const widths = columns.map(({ title }, at) =>
    Math.max(widthOf(title), ...cells.map((line) => widthOf(line[at] ?? ''))),
  );
  const cutAt = columns.findIndex(({ cut }) => cut === true);
  const room = terminal.stdout.isTTY ? terminal.stdout.columns : Infinity;
  const total = widths.reduce((sum, width) => sum + width + GAP, -GAP);
  if (cutAt >= 0 && total > room) {
    widths[cutAt] = Math.max(LEAST_CUT, (widths[cutAt] ?? 0) - (total - room));
  }
  const { dim } = terminal.colours;
  const head = columns.map(({ title, right }, at) => padded(title.toUpperCase(), widths[at] ?? 0, right));
  const lines = rows.map((row, index) =>
    columns
      .map(({ paint, right }, at) => {
        const width = widths[at] ?? 0;
        const text = shortened(cells[index]?.[at] ?? '', width);
        const painted = paint === undefined ? text : paint(text, row);
        const space = ' '.repeat(Math.max(0, width - widthOf(text)));
        return right === true ? space + painted : painted + space;
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
  return [dim(head.join(' '.repeat(GAP)).trimEnd()), ...lines].join('\n');
}

/** What is said of something: its name, its value as it came, and how that is painted. */
export type Fact = readonly [name: string, value: string | undefined, paint?: (text: string) => string];

/** `name  value` a line, the values below each other; undefined and empty ones are left out. */
export function facts(all: readonly Fact[], terminal: Terminal): string {
  const shown = all
    .map(([name, value, paint]) => ({ name, value: printable(value ?? ''), paint }))
    .filter(({ value }) => value !== '');
  const width = Math.max(0, ...shown.map(({ name }) => name.length));
  const indent = `\n${' '.repeat(width + GAP)}`;
  return shown
    .map(({ name, value, paint = (text) => text }) => {
      const lines = value.split('\n').map(paint).join(indent);
      return `${terminal.colours.dim(name.padEnd(width))}${' '.repeat(GAP)}${lines}`;
    })
    .join('\n');
}

/** Columns of the terminal: wide letters take two. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of stripVTControlCharacters(text)) {
    const code = letter.codePointAt(0) ?? 0;
    if (/\p{Mark}/u.test(letter)) continue;
    width += isWide(code) ? 2 : 1;
  }
  return width;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x11_00 && code <= 0x11_5f) ||
    (code >= 0x2e_80 && code <= 0xa4_cf) ||
    (code >= 0xac_00 && code <= 0xd7_a3) ||
    (code >= 0xf9_00 && code <= 0xfa_ff) ||
    (code >= 0xfe_30 && code <= 0xfe_6f) ||
    (code >= 0xff_00 && code <= 0xff_60) ||
    (code >= 0x1_f3_00 && code <= 0x1_fa_ff) ||
    (code >= 0x2_00_00 && code <= 0x3_ff_fd)
  );
}

/** At most so many columns, with `…` where something is missing. */
export function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const letter of text) {
    if (widthOf(kept + letter) > width - 1) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}

function padded(text: string, width: number, right = false): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
}
