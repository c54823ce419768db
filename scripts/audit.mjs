/** Asks the registry for known weaknesses of what the server is shipped with; a registry that can't be asked is said loudly. */
import { spawnNpm } from './prepare.mjs';

const SECONDS = 60;

const result = spawnNpm(['audit', '--omit=dev', '--audit-level=high', '--json'], {
  encoding: 'utf8',
  timeout: SECONDS * 1000,
});
const report = parse(result.stdout);

if (report?.metadata?.vulnerabilities === undefined) {
  const why = report?.error?.summary || report?.message || result.error?.message || 'it gave no answer';
  console.log(`NOT CHECKED: the registry could not be asked for known weaknesses (${why}).`);
} else if (result.status !== 0) {
  for (const { name, severity, range } of Object.values(report.vulnerabilities)) {
    if (['high', 'critical'].includes(severity)) console.log(`${severity}: ${name} ${range}`);
  }
  process.exitCode = 1;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
