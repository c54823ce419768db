/** `docs/conformance.md` from the results of Continuo and of the official SDK's own server. */
import { requirements } from './requirements.mjs';
import { bindings } from './trial.mjs';

const KEPT = '✓';
const BROKEN = '✗';
const NOT_TRIED = '–';

/** What is allowed and not done breaks nothing. */
function markOf({ level, outcome }) {
  if (outcome === 'passed') return KEPT;
  if (outcome === 'skipped') return NOT_TRIED;
  return level === 'MAY' ? '○' : BROKEN;
}

/** The results of one requirement, by binding. */
function byBinding({ results }, { section, says }) {
  const found = results.filter((result) => result.section === section && result.says === says);
  return new Map(found.map((result) => [result.binding, result]));
}

/** One mark for all bindings, and the bindings that it is for where it isn't for all. */
function summed(found) {
  const results = [...found.values()];
  const worst = ['failed', 'passed', 'skipped'].find((wanted) => results.some(({ outcome }) => outcome === wanted));
  const those = results.filter(({ outcome }) => outcome === worst);
  const some =
    worst === 'failed' && those.length < results.length ? ` ${those.map(({ binding }) => binding).join(', ')}` : '';
  return markOf(those[0]) + some;
}

/** Of what is required or recommended: how much there is, is kept on every binding that it is for, and isn't. */
export function count(report) {
  const asked = requirements.filter(({ level }) => level !== 'MAY');
  const marks = asked.map((requirement) => summed(byBinding(report, requirement)).split(' ', 1)[0]);
  const those = (mark) => marks.filter((found) => found === mark).length;
  return { all: asked.length, kept: those(KEPT), broken: those(BROKEN), untried: those(NOT_TRIED) };
}

export function pageOf(continuo, sdk) {
  const notes = [];
  const noteOf = (reason) => {
    if (!notes.includes(reason)) notes.push(reason);
    return notes.indexOf(reason) + 1;
  };
  const cell = (result) => {
    if (result === undefined) return '';
    return result.outcome === 'skipped' ? `${NOT_TRIED} ${noteOf(result.reason)}` : markOf(result);
  };
  const rows = requirements.map((requirement) => {
    const results = byBinding(continuo, requirement);
    const cells = bindings.map((binding) => cell(results.get(binding)));
    const { section, says, level } = requirement;
    return `| ${[section, says, level, ...cells, summed(byBinding(sdk, requirement))].join(' | ')} |`;
  });
  return [
    intro(count(continuo), count(sdk)),
    '| § | what | | JSON-RPC | HTTP+JSON | gRPC | SDK’s server |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    ...notes.map((reason, index) => `${index + 1}. Not tried: ${reason}.`),
    ...(notes.length > 0 ? [''] : []),
  ].join('\n');
}

const intro = (ours, theirs) => `# Conformance

What the A2A specification 1.0.1 asks of servers, in ${requirements.length} lines with their sections. One function tries each over all three bindings, on the built server and on the official SDK's own. \`conformance.test.ts\` fails when Continuo breaks one, or a result differs from what stands here; \`npm run compatibility\` writes the page anew.

| of ${ours.all} lines with MUST or SHOULD | kept | broken | not tried |
|---|---|---|---|
| Continuo | ${ours.kept} | ${ours.broken} | ${ours.untried} |
| server by \`@a2a-js/sdk\` 1.3.0, in memory, with all that it offers | ${theirs.kept} | ${theirs.broken} | ${theirs.untried} |

The SDK leaves it to the application who is let in, so that those lines aren't tried there.

\`npm run conformance -- <address of a card> ["header: value" …]\` tries any server of A2A 1.0, with an agent that answers "hello" by an artifact. What needs agents of other kinds (one that asks, one that works until it is cancelled, …) is tried where they are named: \`checkConformance\` takes their cards ([\`check-conformance.d.mts\`](../compatibility/src/conformance/check-conformance.d.mts)). What the specification asks of clients and of deployments (TLS, logs, audits) is not in the table.

✓ kept · ✗ broken (by which bindings, where not by all) · ○ allowed and not done · – not tried · empty: not of this binding
`;
