/** `npm test [-- vitest's arguments]`: builds, runs every test once, and closes with the line `N passed, N failed`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureConsoleBuilt, ensureInstalled, prepared, root } from './prepare.mjs';

const vitest = join(root, 'node_modules/vitest/vitest.mjs');

prepared(() => {
  ensureInstalled();
  ensureBuilt();
  ensureConsoleBuilt();
});

// Where it stays for a look.
const reports = join(root, 'node_modules/.continuo-tests');
const report = join(reports, 'report.json');
mkdirSync(reports, { recursive: true });
rmSync(report, { force: true });
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);

/** What vitest wrote down; zeros when it ended before it could. */
function counts() {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

const { passed, failed } = counts();
if (status !== 0 && failed === 0) console.log('The run failed outside of a test: see the error above.');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = status ?? 1;
