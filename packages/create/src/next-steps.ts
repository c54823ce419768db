/** What is said at the end: what to do next. */
import { relative } from 'node:path';
import type { Place } from './project-name.js';
import type { Template } from './templates.js';
import type { Terminal } from './terminal.js';

export interface Made {
  readonly place: Place;
  readonly template: Template;
  readonly isInstalled: boolean;
  readonly terminal: Pick<Terminal, 'directory' | 'bold' | 'dim'>;
}

export function whatNext({ place, template, isInstalled, terminal }: Made): string {
  const path = relative(terminal.directory, place.directory);
  const steps: readonly (readonly [command: string, what: string])[] = [
    ...(path === '' ? [] : [[`cd ${quoted(path)}`, ''] as const]),
    ...(isInstalled ? [] : [['npm install', ''] as const]),
    ['npm run dev', 'serves your agents at http://127.0.0.1:4000'],
    [`npx continuo call ${template.firstCall}`, 'in another terminal: the first answer'],
    ['npm test', 'runs the test of the agent'],
  ];
  const widest = Math.max(...steps.map(([command]) => command.length));
  const lines = steps.map(([command, what]) =>
    `  ${terminal.bold(command.padEnd(widest))}  ${terminal.dim(what)}`.trimEnd(),
  );
  return ['', 'What next:', ...lines, '', 'README.md has more.'].join('\n');
}

function quoted(path: string): string {
  return /^[\w./\\-]+$/.test(path) ? path : `"${path}"`;
}
