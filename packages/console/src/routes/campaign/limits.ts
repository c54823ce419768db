/** How long each text of a piece is beside what its channel takes, counted as the channel counts. */
import { channelIds, channelOf, type ChannelId } from '@continuo/swarm/channels';
import { lengthOf, type Measure } from '@continuo/swarm/measure';
import type { Content, Shape } from '@continuo/swarm/shape';
import { spelled } from '../../components/json-schema.js';
import { campaignTexts } from '../../texts/campaign.js';

export interface Limit {
  /** `emails[0].subject`; of the whole or a list: its own. */
  readonly path: string;
  readonly label: string;
  readonly length: number;
  readonly min: number;
  readonly max: number;
  /** Entries, for a list. */
  readonly measure: Measure | 'entries';
}

/** Undefined for a channel that this console doesn't know. */
export function shapeOf(channel: string): Shape | undefined {
  return isChannel(channel) ? channelOf(channel).shape : undefined;
}

function isChannel(name: string): name is ChannelId {
  return channelIds.some((id) => id === name);
}

export function isOver({ length, max, min }: Limit): boolean {
  return length > max || length < min;
}

export function limitOf(shape: Shape | undefined, text: string): Omit<Limit, 'path' | 'label'> | undefined {
  if (shape?.kind !== 'text') return undefined;
  return { length: lengthOf(text.trim(), shape.measure), min: 1, max: shape.max, measure: shape.measure };
}

/** In the order of the piece. */
export function limitsOf(shape: Shape | undefined, content: Content, path = '', label = ''): readonly Limit[] {
  if (shape === undefined) return [];
  if (shape.kind === 'text') {
    const limit = limitOf(shape, typeof content === 'string' ? content : '');
    return limit === undefined ? [] : [{ path, label, ...limit }];
  }
  if (shape.kind === 'list') {
    const items = (Array.isArray(content) ? content : []) as readonly Content[];
    const own = { path, label, length: items.length, min: shape.min, max: shape.max, measure: 'entries' as const };
    const inside = items.flatMap((item, index) =>
      limitsOf(shape.of, item, `${path}[${index}]`, campaignTexts.entry(label, index + 1)),
    );
    return [own, ...inside];
  }
  const members = typeof content === 'string' || Array.isArray(content) ? {} : content;
  const inside = Object.entries(shape.fields).flatMap(([name, of]) => {
    const own = spelled(name);
    const inner = path === '' ? name : `${path}.${name}`;
    return limitsOf(
      of,
      (members as Record<string, Content>)[name] ?? '',
      inner,
      label === '' ? own : `${label}: ${own}`,
    );
  });
  if (shape.together === undefined) return inside;
  const all = textsIn(content).join(' ').length;
  return [
    ...inside,
    { path: '*', label: campaignTexts.together, length: all, min: 0, max: shape.together, measure: 'characters' },
  ];
}

export function textsIn(content: Content): readonly string[] {
  if (typeof content === 'string') return [content];
  return (Array.isArray(content) ? (content as readonly Content[]) : Object.values(content)).flatMap(textsIn);
}
