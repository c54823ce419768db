/** Applications of different makes with Continuo in them: how they configure it, what they have beside it, and that they stay as they were. */
import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  Body,
  Controller,
  Inject,
  Injectable,
  Module,
  Post,
  ValidationPipe,
  type CanActivate,
  type INestApplication,
  type INestApplicationContext,
  type LoggerService,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/auth/api-keys.js';
import {
  A2AAgent,
  A2AAgentBaseService,
  Agents,
  ContinuoModule,
  type ContinuoFactoryOptions,
  type ContinuoOptionsFactory,
  type TaskContext,
} from '../../src/index.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';

const PAGE = 'https://page.example';
const CARD = '/agents/shop/orders/.well-known/agent-card.json';
let databaseUrl: string;

@Injectable()
class ConfigService {
  get(name: 'DATABASE_URL' | 'PATH_OF_AI'): string {
    return name === 'DATABASE_URL' ? databaseUrl : 'ai';
  }
}

@Module({ providers: [ConfigService], exports: [ConfigService] })
class ConfigModule {}

@Injectable()
class OrdersService {
  find(id: string): string {
    return `order ${id}`;
  }
}

@Module({ providers: [OrdersService], exports: [OrdersService] })
class OrdersModule {}

@A2AAgent({ type: 'shop', name: 'orders', description: 'Finds orders.' })
class OrdersAgent extends A2AAgentBaseService {
  constructor(@Inject(OrdersService) private readonly orders: OrdersService) {
    super();
  }

  override async execute(task: TaskContext): Promise<string> {
    return task.step('find', () => this.orders.find(task.text));
  }
}

class NewThing {
  readonly name: string | undefined;
}

@Controller('mine')
class MineController {
  @Post()
  write(@Body() body: NewThing): unknown {
    return body;
  }
}

class OpenGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

/** What class-validator would say of any body, as no property of it is decorated. */
const validatorPackage = {
  validate: (body: object) =>
    Object.keys(body).map((property) => ({ property, constraints: { whitelist: 'unknown' } })),
};
const transformerPackage = {
  plainToInstance: (_type: unknown, body: unknown) => body,
  classToPlain: (body: unknown) => body,
};
const strictPipe = () =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    validatorPackage,
    transformerPackage: transformerPackage as never,
  });

const configured = (config: ConfigService): ContinuoFactoryOptions => ({
  path: config.get('PATH_OF_AI'),
  env: { CONTINUO_LOG_LEVEL: 'silent' },
  config: { databaseUrl: config.get('DATABASE_URL'), auth: ['keys'] },
});

@Injectable()
class ContinuoSettings implements ContinuoOptionsFactory {
  constructor(@Inject(ConfigService) private readonly config: ConfigService) {}

  createContinuoOptions(): ContinuoFactoryOptions {
    return configured(this.config);
  }
}

@Module({ imports: [ConfigModule], providers: [ContinuoSettings], exports: [ContinuoSettings] })
class SettingsModule {}

/** All that a library could have left in the process. */
function footprint(): unknown {
  const events = [
    'SIGINT',
    'SIGTERM',
    'SIGHUP',
    'uncaughtException',
    'unhandledRejection',
    'exit',
    'beforeExit',
    'warning',
  ];
  return {
    names: Reflect.ownKeys(globalThis).map(String).toSorted(),
    listeners: events.map((event) => [event, process.listenerCount(event)]),
    bigint: pg.types.getTypeParser(pg.types.builtins.INT8)('9007199254740993'),
  };
}

async function urlOf(app: INestApplication): Promise<string> {
  await app.listen(0, '127.0.0.1');
  return (await app.getUrl()).replace('[::1]', '127.0.0.1');
}

const agents = [OrdersAgent];
const imports = [ConfigModule, OrdersModule];
const quiet = { logger: false, abortOnError: false } as const;

/** A project with a console, which serves where that of this repository hasn't been built. */
async function enterProject(): Promise<void> {
  const [directory, before] = [await makeTemporaryDirectory('host'), process.cwd()];
  const files = join(directory, 'node_modules', '@continuo', 'console');
  await mkdir(join(files, 'dist'), { recursive: true });
  await writeFile(join(files, 'package.json'), '{ "name": "@continuo/console" }');
  await writeFile(join(files, 'dist', 'index.html'), '<base href="/console/" />');
  process.chdir(directory);
  afterThisTest(async () => {
    process.chdir(before);
    await rm(directory, { recursive: true, force: true });
  });
}

beforeAll(async () => {
  databaseUrl = (await createTestDatabase()).url;
  await enterProject();
});

describe('on Express, with useFactory, its own logger, pipes, CORS and headers', () => {
  let app: INestApplication;
  let url: string;
  let before: unknown;
  const lines: string[] = [];
  const note = (...said: readonly unknown[]): void => void lines.push(said.map(String).join(' '));
  const logger: LoggerService = { log: note, warn: note, error: note, debug: note, verbose: note };

  beforeAll(async () => {
    before = footprint();
    @Module({
      imports: [
        ContinuoModule.forRootAsync({
          agents,
          imports,
          inject: [ConfigService],
          useFactory: (config: ConfigService) => ({
            ...configured(config),
            env: { CONTINUO_LOG_LEVEL: 'debug' },
            logger,
            console: true,
          }),
        }),
      ],
      controllers: [MineController],
    })
    class Application {}

    app = await NestFactory.create(Application, quiet);
    app.useGlobalPipes(strictPipe());
    app.enableCors({ origin: PAGE });
    app.use((_request: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) => {
      response.setHeader('X-Frame-Options', 'SAMEORIGIN');
      next();
    });
    url = await urlOf(app);
  });

  afterAll(() => app.close());

  it('runs agents that inject what imported modules export, and logs to the logger of the application', async () => {
    const { text } = await app.get(Agents).call(OrdersAgent, '7');
    expect(text).toBe('order 7');
    expect(lines.join('\n')).toContain('shop/orders');
  });

  it('has its pipes see its own bodies, and none of Continuo’s', async () => {
    expect((await call('POST', `${url}/mine`, { body: { name: 'x' } })).status).toBe(400);
    const who = { name: 'ada', owner: 'ada', tenant: 'default', scopes: ['read', 'write'] } as const;
    const { key = '' } = await app.get(ApiKeys, { strict: false }).create(who);
    const headers = { authorization: `Bearer ${key}` };
    const agent = `${url}/ai/agents/shop/orders`;
    expect((await call('POST', `${agent}/tasks`, { headers, body: { message: '7', wait: true } })).status).toBe(201);
    const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: '7' }], unknownToA2A: true };
    const { body } = await callRpc(agent, 'SendMessage', { message }, headers);
    expect(at(body, 'result', 'task', 'status', 'state')).toBe('TASK_STATE_COMPLETED');
  });

  it('says its own CORS and security headers for Continuo’s endpoints, too', async () => {
    const { status, headers } = await fetch(`${url}/ai${CARD}`, { headers: { origin: PAGE } });
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const preflight = await fetch(`${url}/ai/tasks`, {
      method: 'OPTIONS',
      headers: { origin: PAGE, 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, PAGE]);
  });

  it('has the console below its path, with the policy that its pages need', async () => {
    const { status, headers } = await fetch(`${url}/ai/console/`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect((await fetch(`${url}/console/`)).status).toBe(404);
  });

  it('leaves the process as it was: no global, no listener, no parser', () => {
    expect(footprint()).toEqual(before);
  });

  it('is imported without leaving anything either', async () => {
    const program = `import pg from 'pg';
      const now = () => JSON.stringify([
        process.eventNames().map((event) => [String(event), process.listenerCount(event)]).sort(),
        pg.types.getTypeParser(20)('9007199254740993'),
        globalThis.AI_SDK_LOG_WARNINGS,
      ]);
      const before = now();
      await import('@continuo/server');
      console.log(before === now() ? 'the same' : before + now());`;
    const cwd = fileURLToPath(new URL('../..', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd });
    expect(stdout.trim()).toBe('the same');
  });

  it('refuses a second module in the process, and the first goes on', async () => {
    const second = await NestFactory.create(
      ContinuoModule.forRootAsync({ agents, imports, inject: [ConfigService], useFactory: configured }),
      quiet,
    );
    await expect(second.init()).rejects.toThrow(
      'Another ContinuoModule runs in this process, and there can be one: name all agents in one forRoot',
    );
    await second.close();
    expect((await app.get(Agents).call(OrdersAgent, '8')).text).toBe('order 8');
  });
});

describe('on Fastify, with useClass, CORS and a global guard', () => {
  let app: INestApplication;
  let url: string;

  async function open(env: Readonly<Record<string, string>>): Promise<void> {
    class Settings extends ContinuoSettings {
      override createContinuoOptions(): ContinuoFactoryOptions {
        const config = { databaseUrl };
        return { ...super.createContinuoOptions(), config, env: { CONTINUO_LOG_LEVEL: 'info', ...env }, logger };
      }
    }
    Inject(ConfigService)(Settings, undefined, 0);

    @Module({
      imports: [ContinuoModule.forRootAsync({ agents, imports, useClass: Settings })],
      providers: [{ provide: APP_GUARD, useClass: OpenGuard }],
    })
    class Application {}

    app = await NestFactory.create(Application, new FastifyAdapter(), quiet);
    app.enableCors({ origin: PAGE });
    url = await urlOf(app);
  }

  const interfaces = async (): Promise<readonly unknown[]> => {
    const { body } = await call('GET', `${url}/ai${CARD}`);
    const all = at(body, 'supportedInterfaces') as readonly unknown[];
    return all.map((one) => textAt(one, 'protocolBinding'));
  };
  const notes: string[] = [];
  const note = (...said: readonly unknown[]): void => void notes.push(said.map(String).join(' '));
  const logger: LoggerService = { log: note, warn: note, error: note };

  it('serves no gRPC beside a guard, which could not guard it', async () => {
    // In the local mode there is gRPC unless something else is said.
    await open({});
    try {
      expect(await interfaces()).not.toContain('GRPC');
      expect((await app.get(Agents).call(OrdersAgent, '9')).text).toBe('order 9');
    } finally {
      await app.close();
    }
  });

  it('serves it where it is asked for, and warns; its own CORS headers are on Continuo’s answers', async () => {
    await open({ CONTINUO_GRPC_PORT: '0', CONTINUO_AUTH: 'keys' });
    try {
      expect(await interfaces()).toContain('GRPC');
      expect(notes.join('\n')).toContain('the global guards of the application are not asked about calls over gRPC');
      const { headers } = await fetch(`${url}/ai${CARD}`, { headers: { origin: PAGE } });
      expect(headers.get('access-control-allow-origin')).toBe(PAGE);
      const preflight = await fetch(`${url}/ai/tasks`, {
        method: 'OPTIONS',
        headers: { origin: PAGE, 'access-control-request-method': 'POST' },
      });
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, PAGE]);
    } finally {
      await app.close();
    }
  });
});

it('works with useExisting, in an application without HTTP', async () => {
  const module = ContinuoModule.forRootAsync({
    agents,
    imports: [SettingsModule, OrdersModule],
    useExisting: ContinuoSettings,
  });
  const context: INestApplicationContext = await NestFactory.createApplicationContext(module, quiet);
  try {
    expect((await context.get(Agents).call(OrdersAgent, '10')).text).toBe('order 10');
  } finally {
    await context.close();
  }
});

it('says which HTTP adapters it works with, before anything is opened', async () => {
  class KoaAdapter extends ExpressAdapter {
    override getType(): string {
      return 'koa';
    }
  }
  const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', CONTINUO_LOG_LEVEL: 'silent' };
  const module = ContinuoModule.forRoot({ agents: [], env });
  const app = await NestFactory.create(module, new KoaAdapter(), quiet);
  await expect(app.init()).rejects.toThrow(
    "ContinuoModule serves its endpoints with Nest's Express or Fastify adapter, not with koa: use @nestjs/platform-express or @nestjs/platform-fastify.",
  );
});
