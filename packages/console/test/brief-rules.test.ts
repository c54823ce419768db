/** The form of a brief and the swarm agree: what the one lets through the other can use, and what the one sends the form can show. */
import { describe, expect, it } from 'vitest';
import { briefSchema } from '../../swarm/src/brief/brief.js';
import { problemsIn, withScheme } from '../src/routes/marketing/brief-rules.js';
import { briefOf, emptyBrief, toBrief, type BriefFields } from '../src/routes/marketing/brief.js';

const TODAY = '2027-02-01';
const whole: BriefFields = {
  ...emptyBrief,
  product: 'Aqua: a bottle that cools',
  audience: 'hikers',
  goal: '500 preorders',
  channels: ['linkedin', 'x-thread'],
  tone: 'friendly',
  language: 'English',
  startDate: '2027-03-01',
  budget: 5_000,
  currency: 'usd',
  url: 'https://aqua.example/shop?a=b',
  claims: 'Keeps a litre cold\nWeighs 300 g',
  keywords: 'bottle\ncold',
};

function accepted(fields: BriefFields): boolean {
  return briefSchema.safeParse(toBrief({ ...fields, url: withScheme(fields.url) })).success;
}

it('a whole brief has no problems, and says the same to the swarm', () => {
  expect(problemsIn(whole, TODAY)).toEqual({});
  expect(briefSchema.parse(toBrief(whole))).toMatchObject({
    product: { name: 'Aqua', description: 'a bottle that cools', url: whole.url },
    budget: { amount: 5_000, currency: 'USD' },
    claims: ['Keeps a litre cold', 'Weighs 300 g'],
    channels: ['linkedin', 'x-thread'],
    approval: 'required',
  });
});

const long = 'x'.repeat(5_001);

describe.each<readonly [keyof BriefFields, readonly unknown[]]>([
  ['product', ['', '  ', long, `. ${'y'.repeat(90)}`]],
  ['audience', ['', ' \n', long]],
  ['goal', ['', long]],
  ['channels', [['fax'], ['linkedin', 'smoke signals']]],
  ['tone', [long]],
  ['language', ['x'.repeat(61)]],
  ['startDate', ['soon', '2027-02-30', '2027-13-01', '1.3.2027']],
  ['budget', [-1, 'much', 2e12, '-']],
  ['currency', ['€', 'EU', 'E1R']],
  ['url', ['https://', 'ftp://aqua.example', 'mailto:me@aqua.example', 'javascript:alert(1)', 'https://a b.example']],
  ['claims', [long, Array.from({ length: 51 }, (_, n) => `claim ${n}`).join('\n')]],
  ['keywords', [Array.from({ length: 51 }, (_, n) => `word ${n}`).join('\n')]],
])('%s', (name, values) => {
  it.each(values.map((value) => ({ value })))(
    'that the swarm would refuse is marked in the form: $value',
    ({ value }) => {
      const fields = { ...whole, [name]: value };
      expect(accepted(fields)).toBe(false);
      expect(Object.keys(problemsIn(fields, TODAY))).toEqual([name]);
    },
  );
});

it.each([
  ['aqua.example', 'https://aqua.example'],
  [' aqua.example/shop ', 'https://aqua.example/shop'],
  ['//aqua.example', 'https://aqua.example'],
  ['localhost:3000', 'https://localhost:3000'],
  ['aqua.example:8080/a?b=c', 'https://aqua.example:8080/a?b=c'],
  ['http://aqua.example', 'http://aqua.example'],
  ['', ''],
])('an address as people write it becomes one: %j', (written, url) => {
  expect(withScheme(written)).toBe(url);
  expect(problemsIn({ ...whole, url: written }, TODAY)).toEqual({});
  expect(accepted({ ...whole, url: written })).toBe(true);
});

it('a day in the past is marked, today is not', () => {
  expect(problemsIn({ ...whole, startDate: '2027-01-31' }, TODAY)).toEqual({
    startDate: 'Choose today or a later day',
  });
  expect(problemsIn({ ...whole, startDate: TODAY }, TODAY)).toEqual({});
});

describe('the brief of a campaign is filled in again', () => {
  const asTask = (data: unknown) => ({
    history: [{ messageId: 'm', role: 'ROLE_USER' as const, parts: [{ data }] }],
  });

  it('as the form has sent it', () => {
    expect(briefOf(asTask(toBrief(whole)))).toEqual({ ...whole, budget: '5000', currency: 'USD' });
  });

  it('as others write briefs, and nothing of it is lost', () => {
    const brief = {
      product: { name: 'Aqua', description: 'a bottle', url: 'aqua.example', price: '20 EUR' },
      audience: ['hikers', 'climbers'],
      goal: 'sales',
      channels: 'LinkedIn, X thread, fax',
      budget: '5000 EUR',
      claims: ['cold'],
      disclosures: ['Ad.'],
      rounds: 3,
      approval: false,
    };
    const fields = briefOf(asTask(brief));
    expect(fields).toMatchObject({
      product: 'Aqua: a bottle',
      audience: 'hikers, climbers',
      channels: ['linkedin', 'x-thread', 'fax'],
      budget: '5000',
      url: 'aqua.example',
      approval: false,
    });
    expect(Object.keys(problemsIn(fields, TODAY))).toEqual(['channels']);
    const mended = toBrief({ ...fields, channels: ['linkedin'], url: withScheme(fields.url) });
    expect(briefSchema.parse(mended)).toMatchObject({
      product: { name: 'Aqua', description: 'a bottle', url: 'https://aqua.example', price: '20 EUR' },
      disclosures: ['Ad.'],
      rounds: 3,
      approval: 'none',
    });
  });

  it('as plain words', () => {
    const history = [{ messageId: 'm', role: 'ROLE_USER' as const, parts: [{ text: 'Launch "Aqua" for hikers.' }] }];
    expect(briefOf({ history })).toMatchObject({ product: 'Launch "Aqua" for hikers.', audience: '' });
  });
});
