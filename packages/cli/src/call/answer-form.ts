/** Asks for an answer in the terminal: in words, or field by field where the question has a schema. */
import type { Message, Part } from '@continuo/client';
import { fieldsIn, fieldsOf, textIn } from '@continuo/client/facts';
import { partsText } from '../remote/in-words.js';
import { note } from '../terminal/output.js';
import { ask } from '../terminal/prompt.js';
import { oneLine, printable } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';

type Fields = Readonly<Record<string, unknown>>;

/** Throws CommandFailedError with 130 when it is broken off. */
export async function askForAnswer(
  question: Message | undefined,
  schema: Fields | undefined,
  terminal: Terminal,
): Promise<Part> {
  const { yellow, bold } = terminal.errorColours;
  await note(terminal, `${yellow('?')} ${bold(printable(partsText(question?.parts)) || 'It waits for an answer.')}`);
  const properties = fieldsIn(schema, 'properties');
  if (schema !== undefined && properties !== undefined) return { data: await askFields(schema, properties, terminal) };
  if (schema === undefined || (schema['type'] === 'string' && schema['enum'] === undefined)) {
    return { text: (await askUntil(terminal, '› ', (said) => (said === '' ? undefined : { value: said }))) as string };
  }
  const value = await askField({ name: '', schema, required: true }, terminal);
  return typeof value === 'string' && schema['type'] === 'string' ? { text: value } : { data: value };
}

interface Field {
  readonly name: string;
  readonly schema: Fields;
  readonly required: boolean;
}

async function askFields(schema: Fields, properties: Fields, terminal: Terminal): Promise<Fields> {
  const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
  const answer: Record<string, unknown> = {};
  for (const [name, said] of Object.entries(properties)) {
    const field = { name, schema: fieldsOf(said) ?? {}, required: required.includes(name) };
    const value = await askField(field, terminal);
    if (value !== undefined) answer[name] = value;
  }
  return answer;
}

/** Undefined for a field that is left out. */
async function askField(field: Field, terminal: Terminal): Promise<unknown> {
  const { name, schema, required } = field;
  const { dim, cyan } = terminal.errorColours;
  const title = oneLine(textIn(schema, 'title') ?? textIn(schema, 'description') ?? name);
  const byDefault = schema['default'];
  const hints = [
    ...(Array.isArray(schema['enum']) ? [schema['enum'].map(String).join(' / ')] : [typeInWords(schema['type'])]),
    ...(byDefault === undefined ? [] : [`default ${JSON.stringify(byDefault)}`]),
    ...(required || byDefault !== undefined ? [] : ['optional']),
  ].filter((hint) => hint !== '');
  const label = `  ${cyan(title)}${hints.length === 0 ? '' : ` ${dim(`(${hints.join(', ')})`)}`}${title === '' ? '› ' : ': '}`;
  return askUntil(terminal, label, (said) => {
    if (said === '') return required && byDefault === undefined ? undefined : { value: byDefault };
    return valueOf(said, schema);
  });
}

/** Asks again while `read` makes nothing of what was said. */
async function askUntil(
  terminal: Terminal,
  label: string,
  read: (said: string) => { readonly value: unknown } | undefined,
): Promise<unknown> {
  for (;;) {
    const answer = read(await ask(label, terminal));
    if (answer !== undefined) return answer.value;
    await note(terminal, terminal.errorColours.red('  That is not it.'));
  }
}

function valueOf(said: string, schema: Fields): { readonly value: unknown } | undefined {
  const { enum: choices, type } = schema;
  if (Array.isArray(choices)) {
    const chosen: unknown = choices.find((choice) => String(choice).toLowerCase() === said.toLowerCase());
    return chosen === undefined ? undefined : { value: chosen };
  }
  if (type === 'string' || type === undefined) return { value: said };
  if (type === 'boolean') {
    if (/^(y|yes|true)$/i.test(said)) return { value: true };
    return /^(n|no|false)$/i.test(said) ? { value: false } : undefined;
  }
  if (type === 'number' || type === 'integer') {
    const number = Number(said);
    return Number.isFinite(number) && (type === 'number' || Number.isInteger(number)) ? { value: number } : undefined;
  }
  return jsonOf(said) ?? (type === 'array' ? { value: said.split(',').map((word) => word.trim()) } : undefined);
}

function typeInWords(type: unknown): string {
  if (type === 'boolean') return 'yes / no';
  if (type === 'integer' || type === 'number') return type;
  if (type === 'array') return 'several, with commas';
  return type === 'object' ? 'JSON' : '';
}

function jsonOf(said: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(said) as unknown };
  } catch {
    return undefined;
  }
}
