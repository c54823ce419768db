/** Finds formulas in Markdown before it is parsed: Markdown knows none, and would take them apart. */

/** Code that begins with one of these, of Unicode's private use, is a formula. */
const INLINE = '\uE000';
const DISPLAY = '\uE001';

/** Code comes first: what looks like a formula in it is none. */
const PIECES =
  /(`+|~{3,})[\s\S]*?\1|\\\\|\\\$|\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|(?<![\w$])\$(?![\s$])((?:\\[^\n]|[^$\\\n])+?)(?<!\s)\$(?![\d$])/g;

/** Prices are none: a formula between single dollars has a sign of one, or is a name such as `x` or `f(x)`. */
const IS_FORMULA = /[\\^_={}<>+*/|-]|^[A-Za-z](?:\w|\([^)]*\))?$/;

/** The same Markdown with its formulas as code that says what it is. */
export function withMarkedMath(text: string): string {
  if (!/\$|\\[[(]/.test(text)) return text;
  return text.replaceAll(PIECES, (...[whole, , dollars, brackets, parentheses, single]: (string | undefined)[]) => {
    const display = dollars ?? brackets;
    if (display !== undefined) return asCode(DISPLAY, display);
    const inline = parentheses ?? (single !== undefined && IS_FORMULA.test(single) ? single : undefined);
    return inline === undefined ? (whole ?? '') : asCode(INLINE, inline);
  });
}

/** Undefined for code that is none. */
export function formulaIn(code: string): { readonly tex: string; readonly display: boolean } | undefined {
  const display = code.startsWith(DISPLAY);
  return display || code.startsWith(INLINE) ? { tex: code.slice(1).trim(), display } : undefined;
}

function asCode(mark: string, tex: string): string {
  const longest = Math.max(0, ...[...tex.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${mark}${tex.replaceAll('\n', ' ').trim()} ${fence}`;
}
