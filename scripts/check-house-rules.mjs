/** The house rules that the linter cannot express; prints each place that breaks one, with what to do instead. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { deadLinks } from './doc-links.mjs';
import { brokenSql } from './sql-rooms.mjs';

const MAX_LINES = 400;
/** The schema that 0.1.0 begins with: read room by room, and never changed again. */
const BASELINE = 'packages/server/migrations/0001_baseline.sql';

const code = /^(packages|scripts|bench)\/.*\.(ts|tsx|mjs|js)$/;
const source = /^packages\/[^/]+\/src\/.*\.tsx?$/;
const tests = /^packages\/[^/]+\/test\/.*\.tsx?$/;
const counted = /\.(ts|tsx|mjs|js|sql|css|sh)$/;

/** Each looks at one line of the files that it is for. A line is anything up to a line break, without its comment. */
const lineRules = [
  {
    files: /^packages\/(server|agent)\/src\/(?!platform\/)/,
    breaks: /\bnew Date\(\s*\)|\bperformance\.now\(/,
    say: 'time comes from Clock (platform/clock.ts)',
  },
  {
    files: /^packages\/(server|agent)\/src\/(?!platform\/)/,
    breaks: /\brandomBytes\(|\bgetRandomValues\(/,
    say: 'ids and randomness come from platform/',
  },
  {
    files: /^packages\/[^/]+\/src\/(?!platform\/config\.ts$)(?!main\.ts$)/,
    breaks: /\bprocess\.env\b|\benv\b.*from 'node:process'/,
    say: 'the environment is read in platform/config.ts alone',
  },
  {
    files: /^packages\/server\/src\/(a2a|agents|api)\//,
    breaks: /\b(SELECT\b.*\bFROM|INSERT INTO|DELETE FROM|UPDATE \w+ SET)\b|`\s*(SELECT|WITH|UPDATE)\b/,
    say: 'no SQL here: put the statement into the room that owns the table',
  },
  {
    files: /^packages\/server\/src\/[^/]+\/views\.ts$/,
    breaks: /^import\b/,
    say: 'views.ts is what other rooms read of this one, whichever stands above: it imports nothing',
  },
  { files: source, breaks: /^\s*(export )?(declare )?(const )?enum \w/, say: 'write a union of strings, not an enum' },
  {
    files: tests,
    breaks: /\b(it|test|describe|suite)(\.\w+)*\.(skip|skipIf|only|todo|fails|runIf)\b|\b(xit|xdescribe|xtest)\(/,
    say: 'no skipped, focused or failing tests: mend the test or delete it',
  },
  { files: tests, breaks: /\b(retry|repeats):\s*\d/, say: 'no retried tests: wait for the condition with until()' },
  {
    files: /^packages\/[^/]+\/test\/(?!support\/)/,
    breaks: /\bsetTimeout\(|timers\/promises/,
    say: 'no sleeps in tests: wait for the condition with until() (test/support/until.ts)',
  },
  { files: tests, breaks: /\bvi\.(mock|doMock|spyOn)\(/, say: 'no mocks: use the real part, or hand in another one' },
  {
    files: /^packages\/console\/src\/.*\.tsx$/,
    breaks:
      /[>}]\s*[^<>{}=;]*\p{L}{2}[^<>{}=;]*<\/|^\s*\p{Lu}\p{Ll}+(?: [\p{L}’',]+)+[.…?!]?$|\s(?:label|title|placeholder|description|alt|aria-label|error)=(?:"[^"]*\p{L}{2}|\{\s*['"`][^'"`$]*\p{L}{2})/u,
    say: 'texts stand in texts.ts or texts/, in each language',
  },
  {
    files: /^packages\/console\/src\/(?!formats\.ts$).*\.tsx?$/,
    breaks: /\.toLocale\w*String\(|\.localeCompare\(|\bIntl\.(?!Segmenter|getCanonicalLocales)\w+\(/,
    say: 'numbers, dates, plurals and sorting follow the language: formats.ts knows how',
  },
  {
    files: code,
    breaks: /@ts-(ignore|nocheck)|(ox|es)lint-disable(?!-next-line [\w/-]+ -- \S)/,
    say: 'mend the cause; an exception is one line, one rule and a reason: `oxlint-disable-next-line rule -- reason`',
  },
];

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
const files = [...new Set(listed.split('\0'))]
  .filter((file) => file !== '' && existsSync(file))
  .toSorted((one, other) => (one < other ? -1 : 1));

const broken = [];
for (const file of files) {
  if (/(^|\/)(utils|helpers|common)(\/|\.)|(^|\/)types\.tsx?$/.test(file)) {
    broken.push(`${file}: name the file or folder for what it holds; no utils, helpers, common or types.ts`);
  }
  for (const { line, link } of deadLinks(file)) broken.push(`${file}:${line}: the link ${link} leads to no file`);
  if (!counted.test(file)) continue;
  const text = readFileSync(file, 'utf8');
  const lines = text.trimEnd().split('\n');
  if (lines.length > MAX_LINES && file !== BASELINE) {
    broken.push(`${file}: ${lines.length} lines, at most ${MAX_LINES}: it is two files`);
  }
  if (code.test(file) && !/^(\/\*\*|\/\/) ?\S/.test(lines.find((line) => !line.startsWith('#!')) ?? '')) {
    broken.push(`${file}:1: begin with a comment of one sentence that says what the file is for`);
  }
  for (const { line, say } of brokenSql(file, text)) broken.push(`${file}:${line}: ${say}`);
  if (file === 'scripts/check-house-rules.mjs') continue;
  const rules = lineRules.filter((rule) => rule.files.test(file));
  for (const [index, line] of lines.entries()) {
    if (/^\s*(\*|\/\*\*)/.test(line)) continue;
    for (const rule of rules) if (rule.breaks.test(line)) broken.push(`${file}:${index + 1}: ${rule.say}`);
  }
}

for (const line of broken) console.error(line);
process.exitCode = broken.length === 0 ? 0 : 1;
