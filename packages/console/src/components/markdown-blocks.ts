/** Takes Markdown apart where that changes nothing: at empty lines outside of code, lists and quotes. */

/** Together they are the text; only the last one changes when text is added. */
export function toBlocks(text: string): readonly string[] {
  const lines = text.split('\n');
  const blocks: string[] = [];
  let block: string[] = [];
  let fence: string | undefined;
  for (const [index, line] of lines.entries()) {
    const marker = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) fence = marker;
    else if (marker?.startsWith(fence) === true && line.trim() === marker) fence = undefined;
    block.push(line);
    const next = lines[index + 1];
    if (fence !== undefined || line.trim() !== '' || next === undefined || !beginsAnew(next)) continue;
    blocks.push(block.join('\n'));
    block = [];
  }
  if (block.length > 0) blocks.push(block.join('\n'));
  return blocks;
}

/** A line that can't belong to what stands before the empty line. */
function beginsAnew(line: string): boolean {
  return /^(\S)/.test(line) && !/^([-*+]|\d+[.)])\s/.test(line) && !line.startsWith('>') && !line.startsWith('[');
}

/** Which sizes of headings there are, as digits: `23` for `##` and `###`. */
export function headingSizes(text: string): string {
  const prose = text.replaceAll(/^ {0,3}(`{3,}|~{3,})[\s\S]*?^ {0,3}\1/gm, '');
  const used = new Set([...prose.matchAll(/^ {0,3}(#{1,6})\s/gm)].map(([, marks = '']) => marks.length));
  return [...used].toSorted((a, b) => a - b).join('');
}

/** The YAML that documents may begin with, which is no Markdown. */
export function withoutFrontMatter(text: string): { readonly front: string | undefined; readonly body: string } {
  const found = /^---\n([\s\S]{0,4000}?)\n---\n/.exec(text);
  if (found === null) return { front: undefined, body: text };
  return { front: found[1], body: text.slice(found[0].length) };
}
