/** The resources and prompts of one MCP server. */
import { z } from 'zod';
import type {
  McpPrompt,
  McpPromptMessage,
  McpResource,
  McpResourceTemplate,
} from '@continuo/agent/internal/agents/tools/mcp-toolbox.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { allPages, type ServerRequest } from './all-pages.js';
import { askServer } from './ask-server.js';
import type { McpConnection } from './connection.js';
import { toParts } from './content.js';

const READ_MS = 60_000;
const METHOD_NOT_FOUND = /\b-32601\b/;

const text = z.string();
const about = { name: text, description: text.optional().catch(undefined), mimeType: text.optional().catch(undefined) };
const resourceSchema = z.object({ uri: text, ...about });
const templateSchema = z.object({ uriTemplate: text, ...about });
const argument = z.object({ name: text, description: text.optional(), required: z.boolean().optional() });
const promptSchema = z.object({
  name: text,
  description: about.description,
  arguments: z.array(argument).optional().catch(undefined),
});
const contentsSchema = z.looseObject({ contents: z.array(z.unknown()) });
const messagesSchema = z.looseObject({ messages: z.array(z.unknown()) });
const messageSchema = z.object({ role: z.enum(['user', 'assistant']), content: z.unknown() });

/** What an agent reads of an MCP server in code, in a step: `task.step('read', async () => (await this.mcpServer('docs')).readResource(uri))`. */
export class McpAccess {
  constructor(
    private readonly connection: McpConnection,
    private readonly signal?: AbortSignal,
  ) {}

  /** All that the server lists. Throws an Error when it doesn't. */
  resources(): Promise<readonly McpResource[]> {
    return this.#list('resources/list', 'resources', resourceSchema);
  }

  /** Empty when the server knows of none. */
  async resourceTemplates(): Promise<readonly McpResourceTemplate[]> {
    try {
      return await this.#list('resources/templates/list', 'resourceTemplates', templateSchema);
    } catch (error) {
      if (error instanceof Error && METHOD_NOT_FOUND.test(error.message)) return [];
      throw error;
    }
  }

  /** Its contents: text, or files with their content in base64 (`raw`). Throws an Error when there is none. */
  async readResource(uri: string): Promise<readonly Part[]> {
    const { contents } = await this.#ask({ method: 'resources/read', params: { uri } }, contentsSchema);
    return toParts(contents.map((resource) => ({ type: 'resource', resource })));
  }

  /** All that the server lists. Throws an Error when it doesn't. */
  prompts(): Promise<readonly McpPrompt[]> {
    return this.#list('prompts/list', 'prompts', promptSchema);
  }

  /** Its messages, made with `values` for the prompt's arguments. Throws an Error when there is none, or a value is missing. */
  async prompt(name: string, values: Readonly<Record<string, string>> = {}): Promise<readonly McpPromptMessage[]> {
    const request = { method: 'prompts/get', params: { name, arguments: values } };
    const { messages } = await this.#ask(request, messagesSchema);
    return known(messages, messageSchema).map(({ role, content }) => ({ role, parts: toParts([content]) }));
  }

  async #list<Item extends z.ZodType>(method: string, field: string, item: Item): Promise<readonly z.output<Item>[]> {
    return known(await allPages(method, field, (request, schema) => this.#ask(request, schema)), item);
  }

  #ask<Answer extends z.ZodType>(request: ServerRequest, schema: Answer): Promise<z.output<Answer>> {
    return askServer(this.connection, request, schema, { timeoutMs: READ_MS, isRead: true, signal: this.signal });
  }
}

/** One that isn't what it should be costs that one. */
function known<Item extends z.ZodType>(items: readonly unknown[], schema: Item): readonly z.output<Item>[] {
  return items.flatMap((item) => {
    const { success, data } = schema.safeParse(item);
    return success ? [data] : [];
  });
}
