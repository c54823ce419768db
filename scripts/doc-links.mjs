/** Finds links of Markdown files that lead to no file of the repository, or to no heading of one. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
/** Their links are those of the project that is made of them. */
const TEMPLATES = /^packages\/create\/templates\//;
const ELSEWHERE = /^([a-z][a-z+.-]*:|\/)/i;

/** The lines with such links, of one file of the repository. */
export function deadLinks(file) {
  if (!file.endsWith('.md') || TEMPLATES.test(file)) return [];
  const dead = [];
  let inCode = false;
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (/^\s*```/.test(line)) inCode = !inCode;
    if (inCode) continue;
    for (const [, link] of line.replaceAll(/`[^`]*`/g, '').matchAll(LINK)) {
      if (!ELSEWHERE.test(link) && !isThere(file, link)) dead.push({ line: index + 1, link });
    }
  }
  return dead;
}

function isThere(file, link) {
  const [path, anchor] = decodeURIComponent(link).split('#');
  const target = path === '' ? file : join(dirname(file), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || !target.endsWith('.md') || anchorsOf(target).has(anchor);
}

const anchors = new Map();

/** The headings of a file, as GitHub names them. */
function anchorsOf(file) {
  const known = anchors.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8').replaceAll(/^```[^]*?^```/gm, '');
  const slugs = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
  const found = new Set(slugs);
  anchors.set(file, found);
  return found;
}
