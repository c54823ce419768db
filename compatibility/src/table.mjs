/** `docs/compatibility.md` from what was tried. */
import { faults } from './faults.mjs';

export const scenarios = ['card', 'send', 'stream', 'answer', 'cancel', 'resubscribe', 'push', 'errors'];

const intro = `# Compatibility

Other makers' clients and servers, as npm has them, against the built server. \`compatibility.test.ts\` tries every cell of these tables and fails when a result differs from what stands here; \`npm run compatibility\` writes the page anew.

✓ works · – the client has no such thing · a number: see below
`;

const faultOf = (party, scenario) => faults.find((fault) => fault.party === party && fault.scenario === scenario);

export function unexplained(kinds, failures) {
  return kinds.flatMap(({ columns, parties }) =>
    parties.flatMap(({ name }) =>
      columns.flatMap((scenario) => {
        const failure = failures.get(name)?.[scenario];
        const known = faultOf(name, scenario) !== undefined;
        if (known === (failure !== undefined)) return [];
        return [`${name}, ${scenario}: ${failure ?? 'works, although faults.mjs says otherwise'}`];
      }),
    ),
  );
}

export function tableOf(kinds, failures) {
  const notes = [];
  const cell = (party, scenario) => {
    if (party.scenarios[scenario] === undefined) return '–';
    if (failures.get(party.name)?.[scenario] === undefined) return '✓';
    const fault = faultOf(party.name, scenario);
    if (fault === undefined) return '✗';
    if (!notes.includes(fault.says)) notes.push(fault.says);
    return String(notes.indexOf(fault.says) + 1);
  };
  const tables = kinds.map(({ heading, columns, says, parties }) => {
    const rows = parties.map((party) => `| ${[party.name, ...columns.map((name) => cell(party, name))].join(' | ')} |`);
    return [
      `## ${heading}`,
      '',
      `| | ${columns.join(' | ')} |`,
      `|---|${'---|'.repeat(columns.length)}`,
      ...rows,
      '',
      ...(says === undefined ? [] : [says, '']),
    ].join('\n');
  });
  const numbered = notes.map((says, index) => `${index + 1}. ${says}`);
  return [intro, ...tables, ...(numbered.length === 0 ? [] : [`${numbered.join('\n')}\n`]), outro].join('\n');
}

const most = ['card', 'send', 'stream', 'errors'];

/** Clients that need Node.js 22, and what works of each: `npm run compatibility:node22` fails when that is not so. */
export const newer = {
  '`@mastra/core` 1.71.0, `A2AAgent`, A2A 1.0': [...most, 'answer'],
  '`@mastra/core` 1.71.0, `A2AAgent`, A2A 0.3': [...most, 'answer'],
  '`@strands-agents/sdk` 1.19.0, `A2AAgent`': most,
};
const columns = ['card', 'send', 'stream', 'answer', 'errors'];
const newerRows = Object.entries(newer).map(
  ([name, works]) => `| ${[name, ...columns.map((column) => (works.includes(column) ? '✓' : '–'))].join(' | ')} |`,
);

const outro = `## Clients that need Node.js 22

Continuo's own tests run on Node.js 20.19 as well, so these are tried apart: \`npm run compatibility:node22\` drives them on a Node.js 22 of its own, and fails when a result differs from what stands here.

| | ${columns.join(' | ')} |
|---|${'---|'.repeat(columns.length)}
${newerRows.join('\n')}

None of them can cancel a task or be pushed to. That Mastra's \`resumeStream\` takes up a stream that was lost was not tried.
`;
