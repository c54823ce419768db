/** Finds links of Markdown files that lead to no file of the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
/** Their links are those of the project that is made of them. */
const TEMPLATES = /^packages\/create\/templates\//;
const ELSEWHERE = /^([a-z][a-z+.-]*:|#|\/)/i;

/** The lines with such links, of one file of the repository. */
export function deadLinks(file) {
  if (!file.endsWith('.md') || TEMPLATES.test(file)) return [];
  const dead = [];
  let inCode = false;
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (/^\s*```/.test(line)) inCode = !inCode;
    if (inCode) continue;
    for (const [, link] of line.replaceAll(/`[^`]*`/g, '').matchAll(LINK)) {
      const path = decodeURIComponent(link.split('#')[0]);
      if (!ELSEWHERE.test(link) && !existsSync(join(dirname(file), path))) dead.push({ line: index + 1, link });
    }
  }
  return dead;
}
