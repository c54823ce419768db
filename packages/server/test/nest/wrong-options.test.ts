/** Options that are wrong are refused by their names before anything is opened, also where no compiler has looked at them. */
import 'reflect-metadata';
import { expect, it } from 'vitest';
import {
  A2AAgent,
  A2AAgentBaseService,
  CheckFailedError,
  checkTasks,
  ContinuoModule,
  startServer,
} from '../../src/index.js';
import type { CheckOptions, ContinuoAsyncOptions, ContinuoOptions } from '../../src/index.js';

@A2AAgent({ type: 'shop', name: 'greeter', description: 'Greets.' })
class GreeterAgent extends A2AAgentBaseService {
  override async execute(): Promise<string> {
    return 'Hello!';
  }
}

const agents = [GreeterAgent];
const path = 'expected segments of letters, digits, ".", "_", "~" and "-", as ai or internal/ai';

const wrong: readonly (readonly [options: unknown, message: string, field?: string])[] = [
  [undefined, 'expected an object of options, found undefined'],
  [[GreeterAgent], 'expected an object of options, found an array'],
  [{}, 'agents: found undefined, expected an array of classes with @A2AAgent', 'agents'],
  [{ agents: GreeterAgent }, 'agents: found a function, expected an array', 'agents'],
  [
    { agents: [GreeterAgent, undefined] },
    'agents[1]: found undefined, expected a class with @A2AAgent (a circular import makes one undefined)',
    'agents[1]',
  ],
  [
    { agents: [new GreeterAgent()] },
    'agents[0]: found an object of GreeterAgent, expected a class with @A2AAgent',
    'agents[0]',
  ],
  [{ agents, provider: [] }, 'there is no option provider. Did you mean providers?', 'provider'],
  [
    { agents, databaseUrl: 'x' },
    'databaseUrl is a setting, and settings are in config: { config: { databaseUrl: … } }.',
    'databaseUrl',
  ],
  [{ agents, providers: GreeterAgent }, 'providers: found a function, expected an array', 'providers'],
  [{ agents, guards: 'some' }, "guards: found 'some', expected 'all' or 'none'", 'guards'],
  [{ agents, path: 7 }, 'path: found 7, expected a text', 'path'],
  [{ agents, console: 'yes' }, "console: found 'yes', expected true or false", 'console'],
  [
    { agents, logger: {} },
    'logger: found an object of Object, expected a LoggerService of Nest’s or a pino logger',
    'logger',
  ],
  [{ agents, config: 'x' }, "config: found 'x', expected an object", 'config'],
];

it.each(wrong.map(([options, message, field]) => ({ options, message, field })))(
  '$message',
  async ({ options, message, field }) => {
    const refusal = { code: 'CONFIG_INVALID', field, message: `ContinuoModule.forRoot: ${message}` };
    expect(refusedBy(() => ContinuoModule.forRoot(options as ContinuoOptions))).toMatchObject(refusal);
    const refused = startServer(options as ContinuoOptions).catch((error: unknown) => error);
    expect(await refused).toMatchObject({ ...refusal, message: `startServer: ${message}` });
  },
);

it.each(['../ai', 'ai/./b', '..'])('the path %s, which no client asks for', (given) => {
  const message = `path: found "${given}", ${path}`;
  expect(refusedBy(() => ContinuoModule.forRoot({ agents, path: given }))).toMatchObject({ message, field: 'path' });
});

it('what stands beside the factory and belongs into what it makes', () => {
  const options = { useFactory: () => ({}), path: 'ai' } as unknown as ContinuoAsyncOptions;
  expect(refusedBy(() => ContinuoModule.forRootAsync(options))).toMatchObject({
    message: 'ContinuoModule.forRootAsync: path is an option that the factory makes, and not one beside it.',
    field: 'path',
  });
});

it('what takes undefined for what is not given', () => {
  const options = { agents, path: undefined, guards: undefined, logger: undefined, config: undefined };
  expect(ContinuoModule.forRoot(options)).toMatchObject({ module: ContinuoModule });
});

it.each<readonly [options: unknown, message: string]>([
  [undefined, 'checkTasks: expected an object of options'],
  [{}, 'checkTasks: agents: found undefined, expected an array of classes with @A2AAgent'],
  [{ agents, only: 'shop/greeter' }, 'checkTasks: only: expected a list of agents, type/name'],
  [{ agents, limit: '5' }, 'checkTasks: limit: expected a whole number from 0 on'],
  [{ agents, onyl: [] }, 'checkTasks: there is no option onyl.'],
])('of a check: %j', async (options, message) => {
  const refused = await checkTasks(options as CheckOptions).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(CheckFailedError);
  expect(refused).toMatchObject({ message: expect.stringContaining(message) });
});

function refusedBy(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}
