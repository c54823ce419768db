/** What is wrong with an agent's card, of A2A 1.0 or 0.3, in words for whoever has to mend it. */

const MOST_FLAWS = 50;

/** What is wrong with one field of an agent's card. */
export interface CardFlaw {
  /** As a path: `skills[0].description`; empty for the card itself. */
  readonly field: string;
  /** What was expected there. */
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown, field: string) => readonly CardFlaw[];

/**
 * The fields of an agent's card that are missing or not as A2A wants them, in the order of the card's schema, 50 at most; none
 * for a card that is right. A card without `supportedInterfaces` and with a `url` is read as one of A2A 0.3. Never throws.
 *
 * @example
 * cardFlaws({ ...card, name: '' }); // [{ field: 'name', message: 'expected a text that is not empty' }]
 */
export function cardFlaws(card: unknown): readonly CardFlaw[] {
  const isOld = isFields(card) && !('supportedInterfaces' in card) && typeof card['url'] === 'string';
  return object(isOld ? card03 : card10)(card, '').slice(0, MOST_FLAWS);
}

const text = one((value) =>
  typeof value !== 'string' ? 'expected a text' : value === '' ? 'expected a text that is not empty' : undefined,
);
const flag = one((value) =>
  value === undefined || value === null || typeof value === 'boolean' ? undefined : 'expected true or false',
);
const version = one((value) => (isVersion(value) ? undefined : 'expected a version of A2A, for example 1.0'));
const webAddress = one((value) =>
  typeof value === 'string' && /^https?:$/.test(schemeOf(value)) ? undefined : 'expected an absolute URL, https://…',
);
const modes = list(text, 'expected a list of media types', 'expected at least one media type');
const skill = object({ id: text, name: text, description: text, tags: list(text, 'expected a list') });
const signature = object({ protected: text, signature: text });

const common: Readonly<Record<string, Check>> = {
  name: text,
  description: text,
  version: text,
  capabilities: object({ streaming: flag, pushNotifications: flag }),
  defaultInputModes: modes,
  defaultOutputModes: modes,
  skills: (value, field) => [...list(skill, 'expected a list of skills')(value, field), ...sameIds(value, field)],
  signatures: (value, field) =>
    value === undefined || value === null ? [] : list(signature, 'expected a list of signatures')(value, field),
};

const card10: Readonly<Record<string, Check>> = {
  ...common,
  supportedInterfaces: list(
    (value, field) =>
      object({
        url: isFields(value) && isOnTheWeb(value['protocolBinding']) ? webAddress : text,
        protocolBinding: text,
        protocolVersion: version,
      })(value, field),
    'expected a list of interfaces',
    'expected at least one interface',
  ),
};

const card03: Readonly<Record<string, Check>> = { ...common, url: text, protocolVersion: version };

function one(flawOf: (value: unknown) => string | undefined): Check {
  return (value, field) => {
    const message = flawOf(value);
    return message === undefined ? [] : [{ field, message }];
  };
}

function object(checks: Readonly<Record<string, Check>>): Check {
  return (value, field) =>
    isFields(value)
      ? Object.entries(checks).flatMap(([name, check]) => check(value[name], field === '' ? name : `${field}.${name}`))
      : [{ field, message: 'expected an object' }];
}

function list(check: Check, expected: string, atLeastOne?: string): Check {
  return (value, field) => {
    if (!Array.isArray(value)) return [{ field, message: expected }];
    if (value.length === 0 && atLeastOne !== undefined) return [{ field, message: atLeastOne }];
    return value.flatMap((item, index) => check(item, `${field}[${index}]`));
  };
}

function sameIds(skills: unknown, field: string): readonly CardFlaw[] {
  const seen = new Set<unknown>();
  return (Array.isArray(skills) ? skills : []).flatMap((item, index) => {
    const id = isFields(item) ? item['id'] : undefined;
    if (id === undefined || !seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ field: `${field}[${index}].id`, message: 'expected an id that no other skill has' }];
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isVersion(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,9}\.\d{1,9}(\.\d{1,9})?$/.test(value);
}

function isOnTheWeb(binding: unknown): boolean {
  return binding === 'JSONRPC' || binding === 'HTTP+JSON';
}

function schemeOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
