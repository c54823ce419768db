/** What CONTINUO_EXTERNAL_AGENTS says: the remote A2A agents that this server offers as `external/<name>`. */
import { z } from 'zod';
import { AGENT_SEGMENT } from '@continuo/agent/internal/platform/agent-name.js';
import { jsonSetting } from './json-setting.js';
import { openWebUrl } from './web-url.js';

export interface ExternalAgentSettings {
  readonly name: string;
  /** The whole URL of its card. */
  readonly card: string;
  /** Sent with every request to it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds that it may be away before a task of it fails. */
  readonly patienceMs: number;
}

export const TEN_MINUTES_MS = 600_000;
const A_DAY_MS = 86_400_000;
const REFERENCE = /\benv:([A-Za-z_][A-Za-z0-9_]*)/g;
/** What HTTP lets a header hold. */
export const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export const HEADER_NAME = z.string().regex(/^[\w-]+$/, 'expected the name of a header');

export const PATIENCE_MS = z.int().min(1).max(A_DAY_MS);

const settingsSchema = z.strictObject({
  name: z.string().regex(AGENT_SEGMENT, 'expected lower-case letters, digits and dashes'),
  card: z
    .string()
    .refine(
      (value) => openWebUrl(value) !== undefined,
      'expected an http or https URL without name and password in it',
    ),
  headers: z.record(HEADER_NAME, z.string()).default({}),
  patienceMs: PATIENCE_MS.default(TEN_MINUTES_MS),
});

/** `name=URL`, separated by commas or white space, or a JSON array of objects. Throws an Error that shows no values. */
export function parseExternalAgents(text: string): readonly ExternalAgentSettings[] {
  const parsed = z
    .array(settingsSchema)
    .safeParse(text.trim().startsWith('[') ? jsonSetting(text, 'it begins with [ but is no JSON') : fromPairs(text));
  if (!parsed.success) throw new Error(parsed.error.issues.map(toComplaint).join('; '));
  const names = parsed.data.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two agents are named "${twice}"`);
  return parsed.data;
}

/** Puts the variables of `env` in place of `env:NAME` in the headers. Throws an Error that shows no values. */
export function withVariables(
  agents: readonly ExternalAgentSettings[],
  env: NodeJS.ProcessEnv,
): readonly ExternalAgentSettings[] {
  return agents.map((agent) => {
    const headers = Object.entries(agent.headers).map(([header, value]) => {
      const full = value.replaceAll(REFERENCE, (_, name: string) => {
        const found = env[name]?.trim();
        if (!found) throw new Error(`header "${header}" of agent "${agent.name}" needs the variable ${name}`);
        return found;
      });
      if (!HEADER_VALUE.test(full)) {
        throw new Error(`header "${header}" of agent "${agent.name}" holds characters that no header may hold`);
      }
      return [header, full];
    });
    return { ...agent, headers: Object.fromEntries(headers) as Readonly<Record<string, string>> };
  });
}

function fromPairs(text: string): unknown {
  return text
    .split(/[\s,]+/)
    .filter((pair) => pair !== '')
    .map((pair) => ({ name: pair.split('=', 1)[0], card: pair.slice(pair.indexOf('=') + 1) }));
}

function toComplaint({ path: [index, ...rest], message }: z.core.$ZodIssue): string {
  const place = typeof index === 'number' ? `agent ${index + 1}` : 'it';
  return `${[place, ...rest.map(String)].join('.')}: ${message}`;
}
