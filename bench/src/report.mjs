/** Turns the rows into the Markdown that is printed and kept in docs/measurements.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';

const DOCUMENT = new URL('../../docs/measurements.md', import.meta.url);
const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';
const NEW_DOCUMENT = `# Measurements\n\n${BEGIN}\n${END}\n`;
const HEADER = ['Measure', '@a2a-js/sdk 1.3', 'Continuo', 'Ratio', 'Target', 'Reached'];

/** @typedef {import("./bench.mjs").Row} Row */

/** @param {boolean | undefined} pass */
function verdict(pass) {
  if (pass === undefined) return '';
  return pass ? 'yes' : '**no**';
}

/** @param {readonly Row[]} rows @returns {string} a Markdown table, its columns aligned */
export function table(rows) {
  const cells = [
    HEADER,
    ...rows.map(({ measure, sdk, continuo, ratio, target, pass }) => [
      measure,
      sdk,
      continuo,
      ratio,
      target,
      verdict(pass),
    ]),
  ];
  const widths = HEADER.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  return lines.join('\n');
}

/** @param {{ command: string, postgresVersion: string }} facts @returns {string} one sentence */
export function machine({ command, postgresVersion }) {
  const processors = cpus();
  const model = processors[0]?.model ?? 'unknown processor';
  const gigabytes = (totalmem() / 1e9).toFixed(0);
  return (
    `Measured with \`${command}\`: ${processors.length} cores (${model}), ${gigabytes} GB of memory, ` +
    `Node ${process.versions.node}, PostgreSQL ${postgresVersion}; ` +
    `client, servers and PostgreSQL share the machine.`
  );
}

/**
 * Puts the text between the markers of docs/measurements.md, and leaves the rest of the page alone.
 *
 * @param {string} text
 */
export async function writeDocument(text) {
  const page = await readFile(DOCUMENT, 'utf8').catch(() => NEW_DOCUMENT);
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`docs/measurements.md lacks the markers ${BEGIN} and ${END}`);
  await writeFile(DOCUMENT, `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`);
}
