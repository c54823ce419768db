/** Renders `.env.example` from the schema of the environment, so that the two never disagree. */
import { configVariables } from './config.js';
import { fileVariable } from './secret-files.js';

const WIDTH = 110;

export function renderEnvExample(): string {
  const head = [
    '# The settings of a Continuo server: copy this file to .env and uncomment what you change.',
    '# Generated from the schema in packages/server/src/platform/config-variables.ts by scripts/env-example.mjs.',
  ];
  const blocks = configVariables().map((variable) => [
    '',
    ...comment(
      `${variable.description} Expected: ${variable.expected}.${variable.secret ? ` Secret; ${fileVariable(variable.name)} may name a file that holds it.` : ''}`,
    ),
    `#${variable.name}=${variable.default ?? ''}`,
  ]);
  return `${[...head, ...blocks.flat()].join('\n')}\n`;
}

function comment(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines;
}
