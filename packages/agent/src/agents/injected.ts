/** What the server gives to the agents that it makes: properties with the metadata by which Nest fills them, without Nest. */
import 'reflect-metadata';
import type { SessionStore } from '../sessions/session-store.js';
import type { TasksOfSession } from './models/unfinished.js';
import type { McpToolbox } from './tools/mcp-toolbox.js';

/** Where Nest notes what `@Inject` and `@Optional` say of a property: [injector.ts](https://github.com/nestjs/nest/blob/master/packages/common/constants.ts). */
const PROPERTIES = 'self:properties_metadata';
const OPTIONAL = 'optional:properties_metadata';

/**
 * Something that the server has and this package only names: by a class of the server's, as soon as that is loaded.
 * `Needed`: what agents call of it.
 */
export class Service<Needed> {
  #token: unknown;

  constructor(readonly name: string) {
    this.#token = Symbol(`continuo:${name}`);
  }

  get token(): unknown {
    return this.#token;
  }

  /** Says what it is injected by: a class that has all that agents call. */
  providedBy(token: abstract new (...made: never[]) => Needed): void {
    this.#token = token;
  }
}

export const SERVICES = {
  sessions: new Service<SessionStore>('sessions'),
  tasks: new Service<TasksOfSession>('tasks'),
  mcpTools: new Service<McpToolbox>('mcpTools'),
} as const;

/** Has the property filled by the server; `required`: the server can't be without. Elsewhere it stays what it is. */
export function injected(what: unknown, need: 'optional' | 'required' = 'optional'): PropertyDecorator {
  return ({ constructor }, key) => {
    // Read by Nest when it makes an instance: by then the server is loaded.
    const property =
      what instanceof Service
        ? {
            key,
            get type() {
              return what.token;
            },
          }
        : { key, type: what };
    add(PROPERTIES, constructor, property);
    if (need === 'optional') add(OPTIONAL, constructor, key);
  };
}

function add(metadata: string, target: object, item: unknown): void {
  const before = (Reflect.getMetadata(metadata, target) ?? []) as readonly unknown[];
  Reflect.defineMetadata(metadata, [...before, item], target);
}
