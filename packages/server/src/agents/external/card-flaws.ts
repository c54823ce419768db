/** What is wrong with the fields of an agent's card, of A2A 1.0 or 0.3, in words for whoever has to mend it. */
import { isLegacyAgentCard } from '@a2a-js/sdk/compat/v0_3/client';
import { z } from 'zod';
import { cut } from '@continuo/agent/internal/platform/text.js';

const MOST_FLAWS = 50;
const MOST_CHARACTERS = 200;

export interface CardFlaw {
  /** As a path: `skills[0].description`. */
  readonly field: string;
  readonly message: string;
}

const text = z.string({ error: 'expected a text' }).min(1, 'expected a text that is not empty');
const modes = z.array(text, { error: 'expected a list of media types' }).min(1, 'expected at least one media type');
const flag = z.boolean({ error: 'expected true or false' }).nullish();
const object = { error: 'expected an object' };

const common = {
  name: text,
  description: text,
  version: text,
  capabilities: z.looseObject({ streaming: flag, pushNotifications: flag }, object),
  defaultInputModes: modes,
  defaultOutputModes: modes,
  skills: z.array(
    z.looseObject(
      { id: text, name: text, description: text, tags: z.array(text, { error: 'expected a list' }) },
      object,
    ),
    { error: 'expected a list of skills' },
  ),
};

const card10 = z.looseObject({
  ...common,
  supportedInterfaces: z
    .array(z.looseObject({ url: text, protocolBinding: text, protocolVersion: text }, object), {
      error: 'expected a list of interfaces',
    })
    .min(1, 'expected at least one interface'),
});
const card03 = z.looseObject({ ...common, url: text, protocolVersion: text });

/** In the order of the card's schema; nothing for a card that is as A2A wants it. */
export function cardFlaws(card: unknown): readonly CardFlaw[] {
  const { error } = (isLegacyAgentCard(card) ? card03 : card10).safeParse(card);
  return (error?.issues ?? []).slice(0, MOST_FLAWS).map(({ path, message }) => ({
    field: cut(pathOf(path), MOST_CHARACTERS),
    message: cut(message, MOST_CHARACTERS),
  }));
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (so, step) => (typeof step === 'number' ? `${so}[${step}]` : so === '' ? String(step) : `${so}.${String(step)}`),
    '',
  );
}
