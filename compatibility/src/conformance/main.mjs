/** `npm run conformance -- <address of a card> [header: value …]`: what of A2A 1.0.1 the server there keeps. */
import { checkConformance } from './check-conformance.mjs';

const [card, ...lines] = process.argv.slice(2);
if (card === undefined || !URL.canParse(card)) {
  console.error('Usage: npm run conformance -- <address of an agent card> ["header: value" …]');
  process.exit(2);
}
const headers = Object.fromEntries(lines.map((line) => line.split(/:\s*(.*)/, 2)));
const { results } = await checkConformance({ card, headers });
for (const { section, level, says, binding, outcome, reason } of results) {
  if (outcome !== 'passed') console.log([outcome, binding, section, level, says, reason].join('  '));
}
const counted = (wanted) => results.filter(({ outcome }) => outcome === wanted).length;
console.log(`${counted('passed')} passed, ${counted('failed')} failed, ${counted('skipped')} skipped`);
process.exitCode = results.some(({ outcome, level }) => outcome === 'failed' && level === 'MUST') ? 1 : 0;
