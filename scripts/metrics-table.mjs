/** Writes the table of metrics in docs/observability.md from the code; with --check, only says whether it is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, prepared, root } from './prepare.mjs';

prepared(() => {
  ensureInstalled();
  ensureBuilt();
});
const { definitions } = await import('../packages/server/dist/platform/metrics/definitions.js');

const path = join(root, 'docs/observability.md');
const BEGIN = '<!-- metrics: written by scripts/metrics-table.mjs -->\n';
const END = '<!-- /metrics -->';
const told = { process: 'this process', database: 'all instances' };

const rows = Object.values(definitions).map(({ name, kind, labels, help, of }) => {
  const by = labels.map((label) => `\`${label}\``).join(', ');
  return `| \`${name}\` | ${kind} | ${by} | ${told[of]} | ${help} |`;
});
const table = `\n| metric | kind | labels | of | what |\n|---|---|---|---|---|\n${rows.join('\n')}\n\n`;
const text = readFileSync(path, 'utf8');
const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
if (begin < 0 || end < begin) throw new Error(`${path} has no place for the table of metrics`);
const wanted = text.slice(0, begin + BEGIN.length) + table + text.slice(end);
if (!process.argv.includes('--check')) {
  writeFileSync(path, wanted);
} else if (text !== wanted) {
  console.error('The table of metrics is stale. Run: node scripts/metrics-table.mjs');
  process.exitCode = 1;
}
