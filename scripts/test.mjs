/** `npm test [-- vitest's arguments]`: builds, runs every test once, and closes with the line `N passed, N failed`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureConsoleBuilt, ensureInstalled, prepared, root } from './prepare.mjs';

const vitest = join(root, 'node_modules/vitest/vitest.mjs');

prepared(() => {
  ensureInstalled();
  ensureBuilt();
  ensureConsoleBuilt();
});

const reports = mkdtempSync(join(tmpdir(), 'continuo-test-report-'));
const report = join(reports, 'report.json');
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
rmSync(reports, { recursive: true, force: true });
if (status !== 0 && failed === 0) console.log('The run failed outside of a test: see the error above.');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = status ?? 1;
