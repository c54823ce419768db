/** A provider whose model is a marketing team: it answers each member in the form it asks for, and counts. */
import type { Reply } from '../../../server/test/support/model-reply.js';
import { startOpenAiServer, type ChatRequest } from '../../../server/test/support/openai-server.js';
import { channelIds, channelOf, type ChannelId } from '../../src/channels/channels.js';
import type { Content, Shape } from '../../src/channels/shape.js';

/** A member by the word that its context document calls it, and the channel of the piece, if it is about one. */
export interface Question {
  readonly member: string;
  readonly channel: ChannelId | undefined;
  readonly prompt: string;
}

export interface CampaignModel {
  readonly baseUrl: string;
  /** Every call that was answered, in order. */
  readonly answered: readonly Question[];
  /** How many calls are kept waiting. */
  readonly held: () => number;
  /** Keeps calls of this kind waiting from now on; undefined keeps none. */
  hold(which: ((question: Question) => boolean) | undefined): void;
  /** Answers calls of this kind so, once for each; `{ calls }` wants tools to be run. */
  say(which: (question: Question) => boolean, ...answers: readonly unknown[]): void;
}

export async function startCampaignModel(): Promise<CampaignModel> {
  const server = await startOpenAiServer();
  const answered: Question[] = [];
  const said: { readonly which: (question: Question) => boolean; readonly answers: unknown[] }[] = [];
  let holds: ((question: Question) => boolean) | undefined;
  let held = 0;
  server.otherwise((request): Reply | Promise<Reply> => {
    const question = questionIn(request);
    if (holds?.(question) === true) {
      held += 1;
      return new Promise(() => undefined);
    }
    answered.push(question);
    const prepared = said.find(({ which, answers }) => answers.length > 0 && which(question));
    const answer = prepared?.answers.shift() ?? answerTo(question);
    return wantsTools(answer) ? { kind: 'calls', ...answer } : { kind: 'answer', words: [JSON.stringify(answer)] };
  });
  return {
    baseUrl: server.baseUrl,
    answered,
    held: () => held,
    hold: (which) => {
      holds = which;
      held = 0;
    },
    say: (which, ...answers) => said.push({ which, answers: [...answers] }),
  };
}

function wantsTools(answer: unknown): answer is Pick<Extract<Reply, { kind: 'calls' }>, 'calls'> {
  return typeof answer === 'object' && answer !== null && 'calls' in answer;
}

function questionIn({ messages }: ChatRequest): Question {
  const system = JSON.stringify(messages.find(({ role }) => role === 'system')?.content ?? '');
  const prompt = JSON.stringify(messages.filter(({ role }) => role !== 'system').map(({ content }) => content));
  const [, member = 'lead'] = /You are (?:the|a) ([\w ]+?) of a marketing team/.exec(system) ?? [];
  const [, name] = /# Channel\\n([^.]+)\./.exec(prompt) ?? [];
  const [, field] = /"(posts|post|subheadline|hashtags)\\*":/.exec(prompt.split('# Piece\\n')[1] ?? '') ?? [];
  const byField = { posts: 'x-thread', post: 'linkedin', subheadline: 'landing-page', hashtags: 'instagram' } as const;
  const channel = channelIds.find((id) => channelOf(id).name === name) ?? byField[field as keyof typeof byField];
  return { member, channel, prompt };
}

function answerTo({ member, channel, prompt }: Question): unknown {
  switch (member) {
    case 'lead':
      return {
        product: { name: 'Aqua', description: 'Aqua is a bottle that cools water.', url: null },
        audience: 'hikers',
        goal: 'preorders',
        channels: ['linkedin'],
        tone: null,
        language: null,
        budget: null,
        startDate: null,
        claims: [],
        competitors: [],
      };
    case 'researcher':
      return { audience: ['They walk far.'], competitors: [], claims: [], keywords: ['bottle'], basis: 'The brief.' };
    case 'strategist':
      return { positioning: 'Aqua for hikers', messages: ['Aqua cools water.'], channelPlan: [], kpis: [] };
    case 'copywriter':
      return contentOf(channelOf(channel ?? 'linkedin').shape, prompt.includes('The piece so far') ? ' Revised.' : '');
    case 'publisher':
      return { summary: 'A campaign for hikers.' };
    default:
      return { findings: [] };
  }
}

/** Within every limit, and long enough for search engines. */
function contentOf(shape: Shape, more: string): Content {
  if (shape.kind === 'list') return Array.from({ length: shape.min }, () => contentOf(shape.of, more));
  if (shape.kind === 'group') {
    return Object.fromEntries(Object.entries(shape.fields).map(([name, of]) => [name, contentOf(of, more)]));
  }
  if (shape.max <= 40) return 'Aqua for hikers';
  const sentence = 'Aqua is a bottle that cools water';
  return shape.max < 100 ? sentence : `${sentence}. Hikers have cold water all day, on every path.${more}`;
}
