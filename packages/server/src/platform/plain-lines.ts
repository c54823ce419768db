/** Texts as lines of a log that people read: whoever has written what is in them adds no line of his own, and moves no cursor. */

/** Control characters, the separators of lines among them. */
const CONTROLS = /[\p{Cc}\u2028\u2029]/gu;

/** In one line; a control character is written as in JSON. */
export function inOneLine(text: string): string {
  return text.replaceAll(CONTROLS, escaped);
}

/** The lines of a stack and of the message that it begins with, none of which begins where a line of the log does. */
export function indented(stack: string): string {
  return stack
    .split('\n')
    .map((line) => `    ${inOneLine(line)}`)
    .join('\n');
}

function escaped(character: string): string {
  const written = JSON.stringify(character).slice(1, -1);
  return written === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : written;
}
