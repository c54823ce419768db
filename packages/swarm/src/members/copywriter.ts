/** `marketing/copywriter`: one piece for one channel, within that channel's limits. */
import { A2AAgent, type TaskContext } from '@continuo/agent';
import { z } from 'zod';
import { briefSchema, type Brief } from '../brief/brief.js';
import { trackedLink } from '../campaign/links.js';
import { findingSchema, pieceSchema, type Finding, type Piece } from '../campaign/piece.js';
import { channelIds, channelOf, type Channel } from '../channels/channels.js';
import { schemaOf } from '../channels/content-schema.js';
import { fit, violationsOf, type Content, type Violation } from '../channels/shape.js';
import { draftOf, revisedDraft } from './drafts.js';
import { researchFromBrief, strategyFromBrief, strategySchema, type Strategy } from './material.js';
import { promptOf, SwarmMember, TEAM_RULES, type MemberAnswer } from './member.js';

/** How often a piece that is over its limits is sent back to the model before it is cut. */
const MAX_SENT_BACK = 2;

const inputSchema = z.object({
  brief: briefSchema,
  strategy: strategySchema.optional(),
  /** Default: the first channel of the brief. */
  channel: z.enum(channelIds).optional(),
  /** The piece that is to be revised, and why. */
  previous: pieceSchema.optional(),
  findings: z.array(findingSchema).default([]),
});
type Input = z.output<typeof inputSchema>;

interface Written {
  readonly content: Content;
  readonly model?: string;
}

@A2AAgent({
  type: 'marketing',
  name: 'copywriter',
  internal: true,
  description: 'Copy of a campaign for one channel, within its real length limits, revised by notes.',
  skills: [
    {
      id: 'copy',
      name: 'Copy for a channel',
      description: 'Takes a brief and one of its channels; with a piece and findings it revises the piece.',
      tags: ['marketing', 'copywriting', 'copy'],
      examples: ['Product: Aqua, a bottle that cools. Audience: hikers. Goal: preorders. Channels: X thread'],
    },
  ],
})
export class CopywriterAgent extends SwarmMember<Input> {
  protected override readonly input = inputSchema;
  protected override readonly context = `# Role
You are a copywriter of a marketing team. You write one piece for one channel.

# How you write
- Plain words, active verbs, one thought per sentence. Concrete rather than grand.
- Say what the reader gains; leave out what would fit any product.
- Keep to every limit; they are the channel's own. Use the link that you are given, as it is.
- When you revise: change what the notes ask for, keep the rest.
- Emails end with a way to unsubscribe: {{unsubscribe_link}}.
${TEAM_RULES}`;

  protected override doing(input: Input): string {
    return `${input.previous === undefined ? 'Writing' : 'Revising'} ${channelFor(input).name}`;
  }

  protected override async work(input: Input, task: TaskContext): Promise<MemberAnswer> {
    const { brief, previous, findings } = input;
    const channel = channelFor(input);
    const strategy = input.strategy ?? strategyFromBrief(brief, researchFromBrief(brief));
    const written = this.offline
      ? { content: draft(brief, strategy, channel, previous, findings) }
      : await this.#asked({ ...input, strategy }, channel, task);
    const cut = violationsOf(channel.shape, written.content).map(
      ({ path, problem }) => `${path || 'piece'} ${problem}`,
    );
    const piece: Piece = {
      channel: channel.id,
      content: fit(channel.shape, written.content),
      revision: previous === undefined ? 1 : previous.revision + 1,
      ...(written.model === undefined ? leftOf(previous, findings) : { model: written.model }),
      cut,
    };
    const version = piece.revision === 1 ? 'written' : 'revised';
    const by = written.model === undefined ? ', a draft assembled from the brief' : '';
    return { output: piece, said: `${channel.name}: ${version}${by}${cut.length === 0 ? '' : ', cut to its limits'}.` };
  }

  /** Sent back with the limits that it breaks; the last answer counts. */
  async #asked(input: Input & { readonly strategy: Strategy }, channel: Channel, task: TaskContext): Promise<Written> {
    const { brief, strategy, previous, findings } = input;
    const sections = {
      Channel: `${channel.name}. ${channel.advice}`,
      Brief: brief,
      Strategy: { positioning: strategy.positioning, messages: strategy.messages },
      Link: trackedLink(brief, channel.id),
      Disclosures: brief.disclosures.length === 0 ? undefined : brief.disclosures,
    };
    const schema = schemaOf(channel.shape);
    let last: Content | undefined = previous?.content;
    let notes: readonly (Finding | Violation)[] = findings;
    for (let sentBack = 0; ; sentBack += 1) {
      const revision = last === undefined ? {} : { 'The piece so far': last, 'Notes: change this': notes };
      const name = sentBack === 0 ? `write ${channel.id}` : `shorten ${channel.id} ${sentBack}`;
      const { object, model } = await this.generate(task, promptOf({ ...sections, ...revision }), { name, schema });
      notes = violationsOf(channel.shape, object);
      if (notes.length === 0 || sentBack === MAX_SENT_BACK) return { content: object, model };
      last = object;
    }
  }
}

/** Without a model: what was written by hand stays, and what people ask for is left to them. */
function leftOf(previous: Piece | undefined, findings: readonly Finding[]): Partial<Piece> {
  const wishes = findings.flatMap(({ note, asked }) => (asked === true ? [note] : []));
  const unwritten = [...(previous?.unwritten ?? []), ...wishes];
  return {
    ...(previous?.model === undefined ? {} : { model: previous.model }),
    ...(previous?.editedBy === undefined ? {} : { editedBy: previous.editedBy }),
    ...(unwritten.length === 0 ? {} : { unwritten: [...new Set(unwritten)] }),
  };
}

function channelFor({ brief, channel, previous }: Input): Channel {
  return channelOf(channel ?? previous?.channel ?? brief.channels[0] ?? 'landing-page');
}

/** What is too long for the channel is the draft's own doing, and not worth telling. */
function draft(
  brief: Brief,
  strategy: Strategy,
  channel: Channel,
  previous: Piece | undefined,
  findings: readonly Finding[],
): Content {
  const first = previous?.content ?? draftOf(brief, strategy, channel.id);
  return fit(channel.shape, previous === undefined ? first : revisedDraft(brief, previous, findings));
}
