/** Markdown in places that have room for a line: what it says, without the marks. */

export function plainLine(text: string): string {
  return text
    .replaceAll(/^\s*(?:#{1,6}|>|[-*+])\s+/gm, '')
    .replaceAll(/!?\[([^\]]*)\]\([^)\s]*\)/g, '$1')
    .replaceAll(/(\*\*|__|~~)(?=\S)(.*?\S)\1/g, '$2')
    .replaceAll(/(?<![\w*])\*(?=\S)([^*\n]*\S)\*(?![\w*])/g, '$1')
    .replaceAll(/`+([^`\n]+)`+/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
