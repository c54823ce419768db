/** A call of a language model as a span, by OpenTelemetry's GenAI conventions. */
import type { ModelMessage } from 'ai';
import { tracing, type OpenSpan, type SpanAttributes, type Tracing } from '../../platform/tracing.js';
import type { TokenUsage } from '../spending.js';
import { providerOfModel, type LanguageModel } from './language-model.js';

const providers: Readonly<Record<string, string>> = { google: 'gcp.gemini' };

/** As the conventions name a model's provider; those that they don't know have their own names. */
export function providerInTraces(model: Pick<LanguageModel, 'provider'>): string {
  const provider = providerOfModel(model);
  return providers[provider] ?? provider;
}

/** Of what a model is asked. */
interface Asked {
  readonly model: LanguageModel;
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools?: Readonly<Record<string, { readonly description: string }>>;
  readonly schema?: unknown;
  readonly signal: AbortSignal;
}

/** Of what it answers. */
interface Answered {
  readonly text: string;
  readonly finishReason: string;
  readonly usage: TokenUsage;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
}

/** What the provider says of its answer. */
export interface AnsweredBy {
  readonly id: string;
  readonly modelId: string;
}

/** `ask` is handed what to call when the provider says who answers. */
export function tracedCall<Answer extends Answered>(
  question: Asked,
  ask: (answeredBy: (by: AnsweredBy) => void) => Promise<Answer>,
): Promise<Answer> {
  const traces = tracing();
  if (traces === undefined) return ask(() => undefined);
  const { model, signal } = question;
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': providerInTraces(model),
    'gen_ai.request.model': model.modelId,
    'gen_ai.output.type': question.schema === undefined ? undefined : 'json',
    ...asked(traces, question),
  };
  return traces.inSpan({ name: `chat ${model.modelId}`, kind: 'client', attributes, signal }, async (span) => {
    const answer = await ask(({ id, modelId }) => {
      span.set({ 'gen_ai.response.id': id, 'gen_ai.response.model': modelId });
    });
    noteAnswer(traces, span, answer);
    return answer;
  });
}

function noteAnswer(traces: Tracing, span: OpenSpan, { finishReason, usage, text, calls }: Answered): void {
  span.set({
    'gen_ai.response.finish_reasons': [finishReason.replaceAll('-', '_')],
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens,
    'gen_ai.usage.cache_creation.input_tokens': usage.cacheWriteTokens,
  });
  if (!traces.withContents) return;
  const said = text === '' ? [] : [{ type: 'text', content: text }];
  const called = calls.map(({ id, name, input }) => ({ type: 'tool_call', id, name, arguments: input }));
  const messages = [{ role: 'assistant', parts: [...said, ...called], finish_reason: finishReason }];
  span.set({ 'gen_ai.output.messages': traces.contents(messages) });
}

/** Nothing, unless contents are wanted. */
function asked(traces: Tracing, { system, messages, tools }: Asked): SpanAttributes {
  if (!traces.withContents) return {};
  return {
    'gen_ai.system_instructions': system === '' ? undefined : traces.contents([{ type: 'text', content: system }]),
    'gen_ai.input.messages': traces.contents(messages.map(toMessage)),
    'gen_ai.tool.definitions':
      tools === undefined
        ? undefined
        : traces.contents(
            Object.entries(tools).map(([name, { description }]) => ({ type: 'function', name, description })),
          ),
  };
}

/** Files are named by their type. */
function toMessage({ role, content }: ModelMessage) {
  if (typeof content === 'string') return { role, parts: [{ type: 'text', content }] };
  const parts = content.map((part) => {
    if (part.type === 'text' || part.type === 'reasoning') return { type: part.type, content: part.text };
    if (part.type === 'tool-call') {
      return { type: 'tool_call', id: part.toolCallId, name: part.toolName, arguments: part.input };
    }
    if (part.type === 'tool-result') return { type: 'tool_call_response', id: part.toolCallId, response: part.output };
    return { type: part.type };
  });
  return { role, parts };
}
