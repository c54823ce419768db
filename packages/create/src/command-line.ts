/** What the command line says. */
import { parseArgs } from 'node:util';
import { CreateFailedError } from './create-failed.js';
import { templates } from './templates.js';

export interface Wishes {
  /** Where the project shall be; undefined when that is to be asked. */
  readonly directory?: string | undefined;
  readonly template?: string | undefined;
  /** Nothing is asked: what isn't said is the default. */
  readonly yes: boolean;
  readonly git: boolean;
  readonly install: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** Throws CreateFailedError for what it doesn't know. */
export function readCommandLine(words: readonly string[]): Wishes {
  const { values, positionals } = parsed(words);
  const [directory, ...more] = positionals;
  if (more.length > 0) {
    throw new CreateFailedError(
      `One directory is enough, but there are ${positionals.length}: ${positionals.join(', ')}.`,
    );
  }
  return {
    directory,
    template: values.template,
    yes: values.yes,
    git: !values['no-git'],
    install: !values['no-install'],
    help: values.help,
    version: values.version,
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        template: { type: 'string', short: 't' },
        yes: { type: 'boolean', short: 'y', default: false },
        'no-git': { type: 'boolean', default: false },
        'no-install': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', short: 'v', default: false },
      },
    });
  } catch (error) {
    throw new CreateFailedError(flawOf(error instanceof Error ? error.message : String(error)));
  }
}

function flawOf(message: string): string {
  if (/argument (missing|is ambiguous)/.test(message)) {
    return `--template needs a name: ${templates.map(({ id }) => id).join(', ')}.`;
  }
  // Behind the first sentence Node tells how to pass what looks like an option as a directory.
  const [reason = ''] = message.split(/\.?(?:\s|$)(?=To specify|$)/);
  return `${reason}. \`npm create continuo@latest -- --help\` lists the options.`;
}

export function usage(): string {
  const widest = Math.max(...templates.map(({ id }) => id.length));
  const list = templates.map(({ id, hint }) => `      ${id.padEnd(widest)}  ${hint}`).join('\n');
  return `Makes a project with durable A2A agents.

Usage: npm create continuo@latest [directory] [-- options]

Options:
  -t, --template <name>  what to begin with:
${list}
  -y, --yes              ask nothing: the directory my-agents and the template minimal, unless they are named.
                         So it is without a terminal and with CI in the environment, too
      --no-git           make no git repository
      --no-install       don't run npm install
  -h, --help             show this
  -v, --version          show the version`;
}
