/** What editor, SEO and compliance reviewers share: a piece comes in, findings and a verdict go out. */
import { z } from 'zod';
import { briefSchema } from '../brief/brief.js';
import { findingSchema, pieceSchema, type Finding, type Piece } from '../campaign/piece.js';
import { channelOf } from '../channels/channels.js';
import { researchSchema, strategySchema } from './material.js';
import { SwarmMember } from './member.js';
import type { TaskContext } from '@continuo/agent';

const inputSchema = z.object({
  brief: briefSchema,
  research: researchSchema.optional(),
  strategy: strategySchema.optional(),
  piece: pieceSchema,
});

export type ReviewInput = z.output<typeof inputSchema>;

export const reviewSchema = z.object({
  channel: pieceSchema.shape.channel,
  /** Of the piece that was reviewed. */
  revision: z.int(),
  verdict: z.enum(['accept', 'revise']),
  findings: z.array(findingSchema),
  /** What was measured. */
  report: z.unknown().optional(),
});

export type Review = z.output<typeof reviewSchema>;

/** What a model answers when it reviews. */
export const opinionSchema = z.object({
  findings: z.array(z.object({ note: z.string(), quote: z.string().nullable(), add: z.string().nullable() })),
});

export function findingsOf({ findings }: z.output<typeof opinionSchema>): readonly Finding[] {
  return findings.map(({ note, quote, add }) => ({
    note,
    ...(quote === null ? {} : { quote }),
    ...(add === null ? {} : { add }),
  }));
}

export function reviewOf({ channel, revision }: Piece, findings: readonly Finding[], report?: unknown): Review {
  return {
    channel,
    revision,
    verdict: findings.length === 0 ? 'accept' : 'revise',
    findings: [...findings],
    ...(report === undefined ? {} : { report }),
  };
}

export function inWords({ channel, findings }: Review): string {
  const { name } = channelOf(channel);
  if (findings.length === 0) return `${name}: nothing to change.`;
  return `${name}: ${findings.map(({ note }) => note).join(' ')}`;
}

/** Text by itself is reviewed as a post. Its product has its first word for a name, so that nothing in it vouches for itself. */
export abstract class ReviewerAgent extends SwarmMember<ReviewInput> {
  protected override readonly input = inputSchema;

  protected override inputOf({ data, text }: TaskContext): unknown {
    if (data !== undefined) return data;
    const name = /[\p{L}\p{N}]+/u.exec(text)?.[0] ?? '';
    const brief = { product: { name }, audience: 'whoever reads it', goal: 'not told' };
    return { brief, piece: { channel: 'linkedin', content: { post: text } } };
  }
}
