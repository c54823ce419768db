/** The TypeScript in documents and docstrings as programs that a compiler can check: what an example takes for granted is given. */
import { readFile } from 'node:fs/promises';
import { given, importable } from './documented-givens.js';

/** One block of a document. */
export interface Example {
  readonly document: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  readonly code: string;
  readonly extension: 'ts' | 'tsx';
}

export async function examplesIn(root: URL, document: string): Promise<readonly Example[]> {
  const lines = (await readFile(new URL(document, root), 'utf8')).split('\n');
  const examples: Example[] = [];
  let begun: Omit<Example, 'code'> | undefined;
  let code: string[] = [];
  for (const [index, line] of lines.entries()) {
    const [, language] = /^```(\w*)/.exec(line) ?? [];
    if (language === undefined) code.push(line);
    else if (begun !== undefined) {
      examples.push({ ...begun, code: code.join('\n') });
      begun = undefined;
    } else if (language === 'ts' || language === 'typescript' || language === 'tsx') {
      begun = { document, line: index + 2, extension: language === 'tsx' ? 'tsx' : 'ts' };
      code = [];
    }
  }
  return examples.flatMap(parted);
}

/** What the docstrings of a source show behind `@example`. */
export async function docstringExamplesIn(root: URL, document: string): Promise<readonly Example[]> {
  const source = await readFile(new URL(document, root), 'utf8');
  const extension = document.includes('/react/') ? 'tsx' : 'ts';
  return [...source.matchAll(/\/\*\*(?:(?!\*\/)[^])*\*\//g)].flatMap(({ 0: docstring, index }) => {
    const [before = '', shown] = docstring.split(/(?<=\* )@example(?=\s) ?/);
    if (shown === undefined) return [];
    const line = source.slice(0, index).split('\n').length + before.split('\n').length - 1;
    const code = shown
      .replace(/\s*\*\/$/, '')
      .replaceAll(/^ *\* ?/gm, '')
      .replaceAll(/^```.*$/gm, '');
    return [{ document, line, code, extension }];
  });
}

/** Where `// …` says that something is left out, something else begins. */
function parted(example: Example): readonly Example[] {
  let line = example.line;
  return example.code.split(/^\/\/ …$/m).map((code) => {
    const part = { ...example, line, code };
    line += code.split('\n').length - 1;
    return part;
  });
}

/** A module with the example in it, whose first line is at the line `offset`, from 1. */
export function programOf({ code }: Example): { readonly text: string; readonly offset: number } {
  const whole = code.replaceAll(') { … }', ') {}').replaceAll('{ … }', EMPTY);
  const [before, after] = frameOf(whole);
  const head = [...importsFor(whole), 'export {};', before].join('\n');
  return { text: `${head}\n${whole}\n${after}\n`, offset: head.split('\n').length + 1 };
}

/** The body of a class that is not of interest. */
const EMPTY = "{ protected readonly context = ''; override async execute(): Promise<void> {} }";
const CLASS = 'abstract class Framed extends ContextAgentBaseService {';
const METHOD = `${CLASS} async framed(task: TaskContext) {`;
const SERVICE = `declare class Injected { agents: Agents; tasks: Tasks; sessions: Sessions; logger: Logger }
class Framed extends Injected { async framed() {`;
const AGENT = "{ type: 'a', name: 'b', description: 'c',";

type Frame = readonly [before: string, after: string];

/** What stands around it, by how it begins. */
function frameOf(code: string): Frame {
  const start = code.trimStart();
  if (/^(protected|private|@Optional|override async execute)\b/.test(start)) return [CLASS, '}'];
  if (start.startsWith('schedules:')) return [`const framed: AgentOptions = ${AGENT}`, '};'];
  if (start.startsWith('approve:')) {
    return ["tool({ description: 'a', input: z.object({ amount: z.number() }), run: () => 'b',", '});'];
  }
  if (start.startsWith('providers:')) return ['await startServer({ agents: [],', '});'];
  if (start.startsWith('@A2AAgent') && !/\bclass\b/.test(code))
    return ['', `class Framed extends A2AAgentBaseService ${EMPTY}`];
  if (/\bthis\.(agents|tasks|sessions)\./.test(code) && !/\bclass\b/.test(code)) return [SERVICE, '} }'];
  const isOfTask = /\btask\.(?!text\)|status)/.test(code) && !/\b(const|let) task\b|\bclass\b/.test(code);
  return isOfTask ? [METHOD, '} }'] : ['', ''];
}

/** All that examples may name without an import, but for what this one imports or declares itself. */
function importsFor(code: string): readonly string[] {
  const own = new Set(declaredIn(code));
  return Object.entries({ ...importable, './given.js': given.names }).map(([module, names]) => {
    const missing = names.filter((name) => !own.has(name.replace(/^type /, '')));
    return `import { ${missing.join(', ')} } from '${module}';`;
  });
}

function declaredIn(code: string): readonly string[] {
  const imported = [...code.matchAll(/^import \{([^}]*)\}/gm)].flatMap(([, names = '']) => names.split(','));
  const declared = [...code.matchAll(/\b(?:class|function|const|let) (?:\{([^}]*)\}|\[([^\]]*)\]|(\w+))/g)];
  const bound = declared.flatMap(([, members = '', items = '', name = '']) => `${members},${items},${name}`.split(','));
  return [...imported, ...bound].map((name) => (name.split(/:| as /).at(-1) ?? '').replace('type ', '').trim());
}
