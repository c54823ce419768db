/** `npm run docs`: writes the API reference of the packages to docs/api; with --check, only says what is wrong with their docstrings. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureTools, resolveTool } from './own-tools.mjs';
import { ensureInstalled, prepared, root } from './prepare.mjs';

const FOLDER = 'reference';
/** Each names itself by `@module`. */
const entryPoints = [
  'packages/agent/src/index.ts',
  'packages/agent/src/testing/index.ts',
  'packages/server/src/index.ts',
  'packages/client/src/index.ts',
  'packages/client/src/react/index.ts',
  'packages/swarm/src/index.ts',
  'packages/mail/src/index.ts',
];
const own = ['@continuo/agent', '@continuo/server', '@continuo/client', '@continuo/swarm', '@continuo/mail'];

/** Types that shape others and say nothing by themselves. */
const intentionallyNotExported = [
  'server/src/in-process/typed-answer.ts:DataIn',
  'server/src/in-process/typed-answer.ts:Returned',
  'server/src/platform/settings.ts:SettingName',
  'server/src/platform/settings.ts:SettingValue',
  'server/src/platform/settings.ts:VariableName',
  'server/src/platform/settings.ts:Variables',
  'server/src/nest/opened.ts:Opened',
];

prepared(() => {
  ensureInstalled();
  ensureTools(FOLDER);
});
const { Application, LogLevel } = await import(pathToFileURL(resolveTool(FOLDER, 'typedoc')).href);

const app = await Application.bootstrap({
  name: 'Continuo',
  tsconfig: join(root, FOLDER, 'tsconfig.json'),
  entryPoints: entryPoints.map((path) => join(root, path)),
  readme: join(root, FOLDER, 'index.md'),
  out: join(root, 'docs/api'),
  // The types are checked by the compiler of this repository; this one is older.
  skipErrorChecking: true,
  packagesRequiringDocumentation: own,
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  disableSources: true,
  hideGenerator: true,
  logLevel: LogLevel.Warn,
  // A property needs words only where its name doesn't say everything: units, shapes, defaults.
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'Method', 'Accessor', 'TypeAlias'],
});
const project = await app.convert();
if (project === undefined) process.exit(1);

validate({ invalidLink: true, notDocumented: true, notExported: false });
// What isn't exported is looked for in one package alone, which is the project's.
for (const name of own) {
  project.packageName = name;
  app.options.setValue(
    'intentionallyNotExported',
    intentionallyNotExported.filter((place) => `@continuo/${place}`.startsWith(`${name}/`)),
  );
  validate({ invalidLink: false, notDocumented: false, notExported: true });
}
delete project.packageName;
refuseWarnings('What is exported needs a docstring, and so do the types that it names; links lead to exports.');

if (!process.argv.includes('--check')) {
  await app.generateOutputs(project);
  refuseWarnings('The API reference could not be written.');
  console.log(`The API reference is in ${join('docs', 'api', 'index.html')}.`);
}

function validate(checks) {
  app.options.setValue('validation', {
    invalidPath: false,
    rewrittenLink: true,
    unusedMergeModuleWith: false,
    ...checks,
  });
  app.validate(project);
}

function refuseWarnings(reason) {
  if (!app.logger.hasErrors() && !app.logger.hasWarnings()) return;
  console.error(reason);
  process.exit(1);
}
