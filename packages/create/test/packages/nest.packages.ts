/** Continuo in a foreign Nest application, of the oldest and the newest Nest 12, on both adapters, with what such applications have. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import type { Project } from '../../../server/test/support/foreign-project.js';
import { answerOf, serve, tools, tsconfig, type Greeter } from '../../../server/test/support/greeter-project.js';
import server from '../../../server/package.json' with { type: 'json' };
import { ordinaryProject } from '../support/ordinary-project.js';

const application = `import 'reflect-metadata';
import {
  Controller, Get, Injectable, Module,
  type CallHandler, type CanActivate, type ExecutionContext, type NestInterceptor,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { map, type Observable } from 'rxjs';
import { A2AAgent, A2AAgentBaseService, Agents, ContinuoModule, type TaskContext } from '@continuo/server';

@Injectable()
class Greetings {
  of(name: string): string {
    return \`Hello, \${name}!\`;
  }
}

@Module({ providers: [Greetings], exports: [Greetings] })
class GreetingsModule {}

@A2AAgent({ type: 'function', name: 'greeter', description: 'Greets whoever writes.' })
class GreeterAgent extends A2AAgentBaseService {
  constructor(private readonly greetings: Greetings) {
    super();
  }

  async execute(task: TaskContext): Promise<string> {
    return await task.step('greet', () => this.greetings.of(task.text));
  }
}

@Controller('hello')
class HelloController {
  constructor(private readonly agents: Agents) {}

  @Get()
  async hello() {
    return (await this.agents.call(GreeterAgent, 'Bob')).text;
  }
}

@Injectable()
class DoorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest().headers['x-stranger'] === undefined;
  }
}

@Injectable()
class Wrap implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data) => ({ wrapped: data })));
  }
}

@Module({
  imports: [ContinuoModule.forRoot({ agents: [GreeterAgent], imports: [GreetingsModule] })],
  controllers: [HelloController],
  providers: [{ provide: APP_GUARD, useClass: DoorGuard }, { provide: APP_INTERCEPTOR, useClass: Wrap }],
})
export class AppModule {}
`;

const main = (adapter: string) => `import { NestFactory } from '@nestjs/core';
import { ${adapter} } from '@nestjs/platform-${adapter === 'ExpressAdapter' ? 'express' : 'fastify'}';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, new ${adapter}(), { logger: ['error', 'warn'] });
app.setGlobalPrefix('api');
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT']), '127.0.0.1');
console.log(\`listens at \${await app.getUrl()}\`);
`;

/** Where the range of our peer dependencies begins. */
const oldest = server.peerDependencies['@nestjs/core'].replace('^', '');

/** As in an application that has a lock file: these versions, and no others. */
const manifest = (nest: string) => ({
  name: 'shop',
  private: true,
  type: 'module',
  overrides: { 'file-type': '21.3.4', 'light-my-request': { cookie: '1.1.1' } },
  dependencies: {
    '@continuo/server': 'latest',
    '@nestjs/common': nest,
    '@nestjs/core': nest,
    '@nestjs/platform-express': nest,
    '@nestjs/platform-fastify': nest,
    'reflect-metadata': '0.2.2',
    rxjs: '7.8.2',
    zod: '^4.1.8',
  },
});

describe.each([oldest, '12'])('an application of Nest %s', (nest) => {
  let project: Project;

  beforeAll(async () => {
    project = await ordinaryProject();
    await project.write({
      'package.json': manifest(nest),
      'tsconfig.json': tsconfig,
      'src/app.module.ts': application,
      'src/main-express.ts': main('ExpressAdapter'),
      'src/main-fastify.ts': main('FastifyAdapter'),
    });
    // Nest's types of Express lead to those.
    await project.npm('install', ...tools, '@types/express@5.0.6');
  });

  it('compiles with the types of everything', async () => {
    expect(await project.run('tsc')).toMatchObject({ code: 0, all: '' });
  });

  describe.each(['express', 'fastify'])('on %s', (adapter) => {
    let running: Greeter;

    beforeAll(async () => {
      const { url } = await createTestDatabase();
      running = await serve(project, `dist/main-${adapter}.js`, { DATABASE_URL: url });
    });

    it('answers a call over A2A, which no prefix has moved and no interceptor wraps', async () => {
      expect(await answerOf(running.url)).toBe('Hello, Ada!');
    });

    it('has its own routes below its prefix, and calls agents in-process', async () => {
      const response = await fetch(`${running.url}/api/hello`);
      expect([response.status, await response.json()]).toEqual([200, { wrapped: 'Hello, Bob!' }]);
    });

    it.each(['/api/hello', '/tasks', '/agents'])('has its guard asked before %s', async (path) => {
      const response = await fetch(`${running.url}${path}`, { headers: { 'x-stranger': 'yes' } });
      await response.arrayBuffer();
      expect(response.status).toBe(403);
    });

    it('stops in order, and ends by the signal, as Nest has it', async () => {
      expect(await running.stop()).toBe(null);
      expect(running.output()).not.toMatch(/error|fatal/i);
    });
  });
});
