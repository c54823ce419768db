/** What the front matter of a declared agent may say: the options of `@A2AAgent`, and a model. */
import { z } from 'zod';
import { agentOptionsSchema, skillSchema as agentSkill } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { ApprovalPatterns } from '@continuo/agent/internal/platform/mcp-server.js';
import { pathOf, problemsOf } from '@continuo/agent/internal/platform/parse.js';
import { cut } from '@continuo/agent/internal/platform/text.js';
import { EXPECTED_MODEL, MODEL } from '../../platform/config-variables.js';
import { approvalsSchema } from '../../platform/mcp-servers.js';
import { readFrontMatter, type Flaw, type FrontMatter } from './front-matter.js';

const LINE_CHARACTERS = 80;

const word = z.string().min(1, 'expected some text');

/** A skill may be just its name. */
const skillSchema = z.preprocess(
  (skill) => (typeof skill === 'string' ? { name: skill } : skill),
  z
    .strictObject({ ...agentSkill.shape, id: word.optional(), name: word, description: word.optional() })
    .transform(({ id, name, description, ...skill }) => ({
      ...skill,
      id: id ?? name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-'),
      name,
      description: description ?? name,
    })),
);

const declarationSchema = z.strictObject({
  ...agentOptionsSchema.shape,
  type: agentOptionsSchema.shape.type.default('context'),
  description: z.string('expected what the agent does, in a sentence').min(1, 'expected some text'),
  skills: z.array(skillSchema).default([]),
  inputModes: agentOptionsSchema.shape.inputModes
    .unwrap()
    .default(['text/plain', 'application/json', 'image/*', 'application/pdf']),
  outputModes: agentOptionsSchema.shape.outputModes.unwrap().default(['text/plain']),
  model: z.string().regex(MODEL, `expected ${EXPECTED_MODEL}`).optional(),
  tools: z.array(word, "expected a list of MCP servers' names, or [all]").default([]),
  approve: approvalsSchema.optional(),
});

type Field = keyof typeof declarationSchema.shape;

export interface Declaration {
  readonly options: z.output<typeof agentOptionsSchema>;
  readonly model: string | undefined;
  /** The MCP servers whose tools it uses; `all` among them for every one. */
  readonly tools: readonly string[];
  /** Which tools of these servers people are asked about, beside those that the configuration says. */
  readonly approve: ApprovalPatterns | undefined;
  /** The agent's context document. */
  readonly context: string;
  /** The line of a field; 1 for one that the front matter leaves out. */
  readonly lineOf: (field: Field) => number;
}

/** Answers with everything that is wrong with the file. `name` is the agent's where the front matter gives none. */
export function readDeclaration(text: string, name: string): Declaration | readonly Flaw[] {
  const file = readFrontMatter(text);
  if (!('data' in file)) return file;
  const { body, lineOf } = file;
  const given = withName(file.data ?? {}, name);
  const parsed = declarationSchema.safeParse(given);
  if (parsed.success && body !== '') {
    const { model, tools, approve, ...options } = parsed.data;
    return { options, model, tools, approve, context: body, lineOf: (field) => lineOf([field]) };
  }
  const flaws = parsed.success ? [] : flawsOf(parsed.error, given, lineOf);
  const nobody = { line: text.split('\n').length, problem: 'expected the context of the agent below the front matter' };
  return [...flaws.toSorted((a, b) => a.line - b.line), ...(body === '' ? [nobody] : [])];
}

function withName(data: unknown, name: string): unknown {
  return typeof data === 'object' && !Array.isArray(data) ? { name, ...data } : data;
}

function flawsOf(error: z.ZodError, given: unknown, lineOf: FrontMatter['lineOf']): readonly Flaw[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        line: lineOf([...issue.path, key]),
        problem: `${pathOf('', [...issue.path, key])}: expected a field that is known${known(issue.path)}`,
      }));
    }
    return problemsOf(new z.ZodError([issue])).map(({ path, expected }) => ({
      line: lineOf(path),
      problem: `${path.length === 0 ? '' : `${pathOf('', path)}: `}found ${shown(given, path)}, expected ${expected}`,
    }));
  });
}

function known(path: readonly PropertyKey[]): string {
  return path.length === 0 ? `: ${Object.keys(declarationSchema.shape).join(', ')}` : '';
}

/** What was found, as far as it fits into a line. */
function shown(given: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>(
    (inside, key) =>
      typeof inside === 'object' && inside !== null ? (inside as Record<PropertyKey, unknown>)[key] : undefined,
    given,
  );
  if (value === undefined || value === null) return 'nothing';
  return cut(JSON.stringify(value), LINE_CHARACTERS);
}
