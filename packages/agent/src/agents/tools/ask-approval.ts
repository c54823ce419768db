/** Asks a person whether a tool may run, and understands what they say. */
import { z } from 'zod';
import { jsonIn } from '../../platform/json-object.js';
import { startOf, wellFormed } from '../../platform/text.js';
import { hashOf } from '../../runs/sayings.js';
import { APPROVED } from '../../sessions/state-names.js';
import type { ToolCall } from '../models/ask-model.js';
import type { TaskContext } from '../task-context.js';

/** Of the arguments, what a question shows. */
const MOST_CHARACTERS = 8_000;
/** What people write without meaning it to be seen: it could show other arguments than there are. */
const UNSEEN = /[\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/g;

const EXPECTED = 'yes, no (with a reason, if you like) or always';

const decisionSchema = z.object({
  decision: z.enum(['approve', 'deny', 'always']),
  reason: z.string().optional(),
});

export type Decision = z.output<typeof decisionSchema>;

const answerSchema = z
  .union([decisionSchema, z.string().meta({ description: EXPECTED })])
  .transform((given, context): Decision => {
    const decision = typeof given === 'string' ? decisionIn(given) : given;
    if (decision !== undefined) return decision;
    context.addIssue({ code: 'custom', message: EXPECTED });
    return z.NEVER;
  });

/** Of a call that an earlier run had begun under another approval. */
const BEGUN =
  'An approved attempt at this call was interrupted when the server stopped: it is not known whether it took effect. If you approve, it is run again.';

/**
 * The answer belongs to this call, in this place, with these arguments. `again`: how often it was approved and begun before
 * this, without a result.
 */
export async function askApproval(
  task: TaskContext,
  { name, input }: ToolCall,
  { place, again }: { readonly place: string; readonly again: number },
): Promise<Decision> {
  const question = [
    `${task.agent} wants to use the tool ${name}${again > 0 ? ' once more' : ''}. Its arguments:`,
    argumentsInWords(input, 2),
    ...(again > 0 ? [BEGUN] : []),
    `May it? Answer ${EXPECTED}; with always you are not asked about this tool of this agent again in this session.`,
  ].join('\n\n');
  const fingerprint = hashOf([place, name, input, again]);
  const options = { name: `approval of ${name} ${fingerprint}`, schema: answerSchema };
  return (await task.requestInput(question, options)).data;
}

/** Where a session keeps that its user wants this tool of this agent to run without being asked. */
export function approvedKey(task: Pick<TaskContext, 'agent'>, tool: string): string {
  return `${APPROVED}${task.agent}:${tool}`;
}

/** What somebody says of a call, in words or as JSON. Undefined for what is neither clearly yes nor clearly no: "yes, but only the first" is none of them. */
export function decisionIn(text: string): Decision | undefined {
  const said = text.trim();
  const json = decisionSchema.safeParse(jsonIn(said));
  if (json.success) return json.data;
  const plain = said
    .toLowerCase()
    .replaceAll(/[\s.,!]+/g, ' ')
    .trim();
  if (YES.has(plain)) return { decision: 'approve' };
  if (ALWAYS.has(plain)) return { decision: 'always' };
  const [, reason] = NO.exec(said) ?? [];
  if (reason === undefined) return undefined;
  return reason === '' ? { decision: 'deny' } : { decision: 'deny', reason };
}

const YES = new Set([
  'yes',
  'y',
  'ok',
  'okay',
  'approve',
  'approved',
  'allow',
  'sure',
  'go ahead',
  'do it',
  'yes please',
]);
const ALWAYS = new Set(['always', 'yes always', 'always allow', 'always approve', 'always for this session']);
const NO = /^(?:no|n|nope|deny|denied|reject|refuse|don['’]t|do not|never|stop)(?![\p{L}\p{N}])[\s.,:;!–—-]*(.*)$/isu;

/** As JSON, cut where there is very much; what can't be seen is written out. `indent`: characters for each level. */
export function argumentsInWords(input: unknown, indent = 0): string {
  const text = wellFormed(JSON.stringify(input, undefined, indent)).replaceAll(
    UNSEEN,
    (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (text.length <= MOST_CHARACTERS) return text;
  return `${startOf(text, MOST_CHARACTERS)}… (cut; they have ${text.length} characters)`;
}
