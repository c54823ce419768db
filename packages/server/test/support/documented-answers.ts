/** Holds the answers of a server against the OpenAPI document that it gives out. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Answered, Question } from './strangers.js';

type Json = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Json;
}

interface DocumentedResponse {
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, { readonly schema: Json; readonly 'x-event-data'?: Json }>>;
}

export interface DocumentedOperation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
}

interface AnswerHeader {
  readonly required?: boolean;
  readonly schema: Json;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly headers: Readonly<Record<string, AnswerHeader>>; readonly schemas: Json };
}

const DOCUMENT = 'https://server.test/openapi.json';

export class DocumentedAnswers {
  readonly operations: readonly DocumentedOperation[];
  readonly #ajv: Ajv2020;

  constructor(private readonly document: Document) {
    // Formats and such are OpenAPI's own words to the validator.
    this.#ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true, coerceTypes: false }));
    this.#ajv.addSchema({ ...document, components: closed(document.components) as object }, DOCUMENT);
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        method: method.toUpperCase(),
        path,
        parameters: operation.parameters.map((parameter) => this.#resolved(parameter)),
        responses: Object.fromEntries(
          Object.entries(operation.responses).map(([status, response]) => [status, this.#resolved(response)]),
        ),
      })),
    );
  }

  static async of(url: string): Promise<DocumentedAnswers> {
    return new DocumentedAnswers((await (await fetch(`${url}/openapi.json`)).json()) as Document);
  }

  /** The operation that a request asks for; undefined for one of A2A, which the agents' cards describe. */
  operationOf({ method, path, headers }: Question): DocumentedOperation | undefined {
    if (headers?.['a2a-version'] !== undefined) return undefined;
    const [asked = ''] = path.split('?');
    const fitting = this.operations.filter((one) => one.method === method && patternOf(one.path).test(asked));
    return fitting.toSorted((one, other) => placeholders(one) - placeholders(other))[0];
  }

  /** What the document doesn't say of this answer, and of the request when it was granted. */
  flawsOf(question: Question, answer: Pick<Answered, 'status' | 'headers' | 'text'>): readonly string[] {
    const operation = this.operationOf(question);
    if (operation === undefined) return [];
    const { status, headers } = answer;
    const response = operation.responses[status];
    const flaws = [
      ...(response === undefined
        ? [`the status ${status} is not documented: ${answer.text}`]
        : [...this.#headerFlaws(response, headers), ...this.#bodyFlaws(question.method, response, answer)]),
      ...(status < 300 ? this.#requestFlaws(operation, question) : []),
    ];
    return flaws.map((flaw) => `${operation.operationId} ${status}: ${flaw}`);
  }

  /** The members that a JSON body of the operation may have. */
  membersOf(operation: DocumentedOperation): readonly string[] {
    return Object.keys(this.#resolved(jsonBodyOf(operation))['properties'] ?? {});
  }

  takes(operation: DocumentedOperation, body: unknown): boolean {
    return this.#misfits(jsonBodyOf(operation), body).every((misfit) => misfit.includes('required'));
  }

  #headerFlaws({ headers = {} }: DocumentedResponse, sent: Headers): readonly string[] {
    return Object.entries(this.document.components.headers).flatMap(([name, { required, schema }]) => {
      const value = sent.get(name);
      // Express gives one to whatever is no stream.
      const isSaid = value === null || name === 'ETag';
      if (headers[name] === undefined) return isSaid ? [] : [`the header ${name} is not documented`];
      if (value === null) return required === true ? [`the header ${name} is missing`] : [];
      return this.#misfits(schema, inType(schema, value)).map((misfit) => `the header ${name}: ${misfit}`);
    });
  }

  #bodyFlaws(
    method: string,
    { content = {} }: DocumentedResponse,
    { headers, text }: Pick<Answered, 'headers' | 'text'>,
  ): readonly string[] {
    if (method === 'HEAD') return [];
    const [type = ''] = (headers.get('content-type') ?? '').split(';');
    const documented = content[type] ?? content['*/*'];
    if (documented === undefined) {
      return text === '' && Object.keys(content).length === 0 ? [] : [`a body of the type "${type}" is not documented`];
    }
    const { schema, 'x-event-data': event } = documented;
    if (event !== undefined) return eventsIn(text).flatMap((data) => this.#misfits(event, data));
    return type === 'application/json' && content[type] !== undefined ? this.#misfits(schema, JSON.parse(text)) : [];
  }

  #requestFlaws(operation: DocumentedOperation, { path, body, headers = {} }: Question): readonly string[] {
    const query = [...new URL(path, DOCUMENT).searchParams].flatMap(([name, value]) => {
      const parameter = operation.parameters.find((one) => one.in === 'query' && one.name === name);
      if (parameter === undefined) return [`it takes ${name}, which is not documented`];
      return this.#misfits(parameter.schema, inType(parameter.schema, value)).map((misfit) => `${name}: ${misfit}`);
    });
    const lacking = operation.parameters.filter(
      (one) => one.in === 'header' && one.required === true && headers[one.name.toLowerCase()] === undefined,
    );
    const misfits = this.#misfits(jsonBodyOf(operation), body ?? {});
    return [...query, ...lacking.map(({ name }) => `it does without ${name}`), ...misfits.map((one) => `body${one}`)];
  }

  #misfits(schema: Json, value: unknown): readonly string[] {
    const about = JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${DOCUMENT}#/`)) as object;
    if (this.#ajv.validate(about, value)) return [];
    return (this.#ajv.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  #resolved<Named>(named: Named): Named {
    const { $ref } = named as { readonly $ref?: string };
    if ($ref === undefined) return named;
    return $ref
      .split('/')
      .slice(1)
      .reduce<unknown>((inside, name) => (inside as Json)[name], this.document) as Named;
  }
}

/** Anything goes where there is no JSON body. */
function jsonBodyOf({ requestBody }: DocumentedOperation): Json {
  return requestBody?.content['application/json']?.schema ?? {};
}

/** With nothing in an answer but what is documented: clients have to expect more, the server has to say it. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const all = Object.fromEntries(Object.entries(schema).map(([name, inner]) => [name, closed(inner)]));
  const isOpen = all['type'] !== 'object' || all['properties'] === undefined || 'additionalProperties' in all;
  return isOpen ? all : { ...all, additionalProperties: false };
}

/** An id ends before a colon: `/tasks/{id}:cancel`. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/:]+')}$`);
}

function placeholders({ path }: DocumentedOperation): number {
  return path.split('{').length;
}

/** The text of a parameter or a header as what its schema speaks of. */
function inType(schema: Json, text: string): unknown {
  const { type } = schema;
  if (type === 'integer' || type === 'number') return Number(text);
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return type === 'array' ? text.split(',') : text;
}

/** The data of a stream's events, but of those that are of a type of their own. */
function eventsIn(stream: string): readonly unknown[] {
  const frames = stream.split('\n\n').filter((frame) => !/^event: /m.test(frame));
  return frames.flatMap((frame) => {
    const data = /^data: (.*)$/m.exec(frame)?.[1];
    return data === undefined ? [] : [JSON.parse(data) as unknown];
  });
}
