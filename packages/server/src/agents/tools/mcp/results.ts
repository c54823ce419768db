/** What came of the call of a tool of an MCP server, as the model is told. */
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { inWords } from '@continuo/agent/internal/agents/models/prompt.js';
import { outputOf } from '@continuo/agent/internal/agents/tools/result-files.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { isNothing } from '@continuo/agent/internal/platform/text.js';
import { toParts } from './content.js';
import type { OfferedTool } from './offered-tools.js';

/** Of what a server answers, whatever is in it: one bad part costs that part. */
export const resultSchema = z.looseObject({
  content: z.array(z.unknown()).catch([]),
  structuredContent: z.unknown().optional(),
  isError: z.unknown().optional(),
});

type CallResult = z.output<typeof resultSchema>;

/** JSON, with the files that come with it. Throws an Error with the words of a tool that has failed. */
export function resultOf({ content, structuredContent, isError }: CallResult, { name, misfit }: OfferedTool): unknown {
  const parts = toParts(content);
  const text = parts.map(inWords).join('\n');
  const structured = isObject(structuredContent) ? structuredContent : undefined;
  if (isError === true) {
    const said = isNothing(text) && structured !== undefined ? JSON.stringify(structured) : text;
    throw new Error(isNothing(said) ? `The tool ${name} failed and said nothing of the reason.` : said);
  }
  const problem = misfit === undefined ? undefined : structured === undefined ? 'it is missing' : misfit(structured);
  const others = parts.filter((part) => part.text === undefined).map(inWords);
  const all = structured === undefined ? text : [JSON.stringify(structured), ...others].join('\n');
  if (problem === undefined) return outputOf(others.length === 0 ? (structured ?? text) : all, parts);
  const note = `(The tool was run. Its result is not of the form that the tool declares: ${problem}.)`;
  return outputOf(all === '' ? note : `${all}\n\n${note}`, parts);
}

/** A JSON-RPC error of a server may say nothing at all. */
export function isWordless(error: unknown): error is McpError {
  return error instanceof McpError && isNothing(error.message.replace(`MCP error ${error.code}:`, ''));
}
