/** Colours and weights for a terminal; where there is none the text as it is. */

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

/** Whatever switches one of them on or off, as a group for `split`. */
export const PAINT = new RegExp(`(\\u{1B}\\[(?:${Object.values(codes).flat().join('|')})m)`, 'u');

export type Colour = keyof typeof codes;
export type Colours = Readonly<Record<Colour, (text: string) => string>>;

export function colours(shown: boolean): Colours {
  const painted = Object.entries(codes).map(([name, [on, off]]) => [
    name,
    (text: string) => (shown && text !== '' ? `\u{1B}[${on}m${text}\u{1B}[${off}m` : text),
  ]);
  return Object.fromEntries(painted) as Colours;
}
