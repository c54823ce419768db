/** What is asked of whoever sits in front of it. */
import { cancel, intro, select, text } from '@clack/prompts';
import { CreateFailedError } from './create-failed.js';
import { placeOf } from './project-name.js';
import { defaultTemplate, templates } from './templates.js';
import type { Terminal } from './terminal.js';

export const DEFAULT_DIRECTORY = 'my-agents';

type Asked = Pick<Terminal, 'directory' | 'input' | 'output'>;

export function greet({ output }: Asked): void {
  intro('Continuo: durable A2A agents', { output });
}

/** Asks until it is one that may be used. Throws CreateFailedError when they don't want to go on. */
export async function askDirectory({ directory: from, input, output }: Asked): Promise<string> {
  const answer = await text({
    input,
    output,
    message: 'Where shall the project be?',
    placeholder: DEFAULT_DIRECTORY,
    defaultValue: DEFAULT_DIRECTORY,
    validate: (given) => nameFlaw(given === undefined || given === '' ? DEFAULT_DIRECTORY : given, from),
  });
  return answered(answer, output);
}

/** The id of a template. Throws CreateFailedError when they don't want to go on. */
export async function askTemplate({ input, output }: Asked): Promise<string> {
  const options = templates.map(({ id, title, hint }) => ({ value: id, label: title, hint }));
  const message = 'What do you want to begin with?';
  return answered(await select({ input, output, message, initialValue: defaultTemplate.id, options }), output);
}

function nameFlaw(given: string, from: string): string | undefined {
  try {
    placeOf(given, from);
    return undefined;
  } catch (error) {
    if (error instanceof CreateFailedError) return error.message;
    throw error;
  }
}

function answered(answer: string | symbol, output: Asked['output']): string {
  if (typeof answer === 'string') return answer;
  cancel('Cancelled.', { output });
  throw new CreateFailedError('Nothing was written.');
}
