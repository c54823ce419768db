/** The templates that there are, each a directory of templates/ that is a whole project. */
import { CreateFailedError } from './create-failed.js';

export interface Template {
  /** As the command line and the directory name it. */
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  /** What its README has people try first: what the command line calls. */
  readonly firstCall: string;
}

const minimal: Template = {
  id: 'minimal',
  title: 'Minimal',
  hint: 'one agent that remembers its session',
  firstCall: 'demo/greeter Ada',
};

export const templates: readonly Template[] = [
  minimal,
  {
    id: 'llm',
    title: 'Language model',
    hint: 'an agent with tools, one of which a person has to approve; works offline',
    firstCall: 'shop/support "Where is my order A-1001?"',
  },
  {
    id: 'nest',
    title: 'Nest application',
    hint: 'your own controllers and services beside an agent that injects them',
    firstCall: 'shop/refunds "Refund A-1001"',
  },
  {
    id: 'team',
    title: 'Team',
    hint: 'an agent that calls three others side by side, asks, and hands over a file',
    firstCall: 'travel/planner "3 days in Lisbon"',
  },
];

export const defaultTemplate = minimal;

/** Throws CreateFailedError, which names those that there are. */
export function templateNamed(id: string): Template {
  const found = templates.find((template) => template.id === id);
  if (found !== undefined) return found;
  const known = templates.map((template) => template.id).join(', ');
  throw new CreateFailedError(`There is no template "${id}". Choose one of: ${known}.`);
}
