/** Continuo below a path of a Nest application that has its own guards, interceptors, filters, pipes, prefix and versions. */
import 'reflect-metadata';
import {
  Body,
  Catch,
  Controller,
  Get,
  HttpException,
  Injectable,
  Module,
  Post,
  Scope,
  VersioningType,
  type ArgumentsHost,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
  type CallHandler,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, HttpAdapterHost, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { map, type Observable } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { ContinuoModule, type ContinuoOptions } from '../../src/index.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';

/** Refuses whoever asks for it, with the status that is asked for. */
@Injectable()
class StrictGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ readonly headers: Record<string, string | undefined> }>();
    const status = headers['x-refuse'];
    if (status === undefined) return true;
    if (status === 'no') return false;
    throw new HttpException('Come back never.', Number(status));
  }
}

/** The same, made anew for each request. */
@Injectable({ scope: Scope.REQUEST })
class RequestGuard implements CanActivate {
  canActivate(context: ExecutionContext): Promise<boolean> {
    const { headers } = context.switchToHttp().getRequest<{ readonly headers: Record<string, string | undefined> }>();
    return Promise.resolve(headers['x-refuse-request'] === undefined);
  }
}

@Injectable()
class WrappingInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((wrapped: unknown) => ({ wrapped })));
  }
}

@Catch()
class AllFilter implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const status = error instanceof HttpException ? error.getStatus() : 500;
    this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), { filtered: true }, status);
  }
}

class SpoilingPipe implements PipeTransform {
  transform(): unknown {
    return 'spoilt';
  }
}

@Controller('mine')
class MineController {
  @Get()
  read(): unknown {
    return { mine: true };
  }

  @Post()
  write(@Body() body: unknown): unknown {
    return { got: body };
  }

  @Get('broken')
  fail(): never {
    throw new Error('The till is stuck.');
  }
}

type Start = (module: Type) => Promise<INestApplication>;

const adapters: readonly (readonly [string, Start])[] = [
  ['Express', (module) => NestFactory.create(module, { logger: false, abortOnError: false })],
  ['Fastify', (module) => NestFactory.create(module, new FastifyAdapter(), { logger: false, abortOnError: false })],
];

const message = (text: string) => ({ messageId: text, role: 'ROLE_USER', parts: [{ text }] });
/** One endpoint of each kind. */
const kinds = [
  ['GET', '/agents/function/echo/.well-known/agent-card.json'],
  ['GET', '/.well-known/jwks.json'],
  ['GET', '/agents'],
  ['GET', '/tasks'],
  ['GET', '/agents/function/echo/tasks'],
  ['GET', '/sessions'],
  ['GET', '/caller'],
  ['GET', '/openapi.json'],
  ['GET', '/healthz'],
  ['GET', '/readyz'],
  ['POST', '/agents/function/echo/message:send'],
  ['POST', '/agents/function/echo/tasks'],
] as const;

describe.each(adapters)('on %s', (_name, start) => {
  let app: INestApplication;
  let url: string;

  async function open(options: Partial<ContinuoOptions>): Promise<void> {
    const { url: databaseUrl } = await createTestDatabase();
    const env = { CONTINUO_LOG_LEVEL: 'silent' };
    const config = { databaseUrl };

    @Module({
      imports: [ContinuoModule.forRoot({ agents: [EchoAgent], env, config, path: '/ai/', ...options })],
      controllers: [MineController],
      providers: [
        { provide: APP_GUARD, useClass: StrictGuard },
        { provide: APP_GUARD, useClass: RequestGuard },
        { provide: APP_INTERCEPTOR, useClass: WrappingInterceptor },
        { provide: APP_FILTER, inject: [HttpAdapterHost], useFactory: (host: HttpAdapterHost) => new AllFilter(host) },
        { provide: APP_PIPE, useClass: SpoilingPipe },
      ],
    })
    class Application {}

    app = await start(Application);
    app.setGlobalPrefix('api');
    app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
    await app.listen(0, '127.0.0.1');
    url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  }

  describe('guarded by default', () => {
    beforeAll(() => open({}));
    afterAll(() => app.close());

    it('answers below its path as it does alone: nothing is wrapped, spoilt or moved', async () => {
      const agent = `${url}/ai/agents/function/echo`;
      const rpc = await callRpc(agent, 'SendMessage', { message: message('one') });
      expect(rpc.body).toMatchObject({
        jsonrpc: '2.0',
        result: { task: { status: { state: 'TASK_STATE_COMPLETED' } } },
      });
      const rest = await call('POST', `${agent}/message:send`, { body: { message: message('two') } });
      expect(textAt(rest.body, 'task', 'status', 'state')).toBe('TASK_STATE_COMPLETED');
      const plain = await call('POST', `${agent}/tasks`, { body: { message: 'three', wait: true } });
      expect([plain.status, textAt(plain.body, 'status', 'state')]).toEqual([201, 'TASK_STATE_COMPLETED']);
      const listed = await call('GET', `${agent}/tasks`, { headers: { 'a2a-version': '1.0' } });
      expect(listed.body).toMatchObject({ totalSize: 3 });
      expect((await call('GET', `${url}/ai/tasks?pageSize=1`)).body).toMatchObject({ totalSize: 3, pageSize: 1 });
      const id = textAt(plain.body, 'id');
      const events = await fetch(`${url}/ai/tasks/${id}/events`);
      expect(await events.text()).toContain('TASK_STATE_COMPLETED');
      const { status, body } = await call('GET', `${url}/ai/tasks/nothing`);
      expect([status, at(body, 'error', 'status')]).toEqual([404, 'NOT_FOUND']);
    });

    it('names its own addresses below its path', async () => {
      const card = await call('GET', `${url}/ai/agents/function/echo/.well-known/agent-card.json`);
      expect(at(card.body, 'supportedInterfaces', 0)).toMatchObject({ url: `${url}/ai/agents/function/echo` });
      const { body: session } = await call('POST', `${url}/ai/sessions`, { body: {} });
      const file = await call('POST', `${url}/ai/files?sessionId=${textAt(session, 'id')}&name=a.txt`, {
        body: 'hello',
        headers: { 'content-type': 'text/plain' },
      });
      expect(textAt(file.body, 'url')).toBe(`${url}/ai/files/${textAt(file.body, 'id')}`);
      expect(await (await fetch(textAt(file.body, 'url'))).text()).toBe('hello');
      const api = await call('GET', `${url}/ai/openapi.json`);
      expect(new URL(textAt(api.body, 'servers', 0, 'url'), `${url}/ai/openapi.json`).href).toBe(`${url}/ai/`);
    });

    it.each(kinds)('says under which request %s %s is in the log', async (method, path) => {
      const body = method === 'POST' ? { body: JSON.stringify({ message: message(`logged at ${path}`) }) } : {};
      const headers = { 'content-type': 'application/json', 'x-request-id': 'request-7' };
      const { headers: answered } = await fetch(`${url}/ai${path}`, { method, headers, ...body });
      expect(answered.get('x-request-id')).toBe('request-7');
      expect((await fetch(`${url}/ai${path}`, { method })).headers.get('x-request-id')).toMatch(/./);
    });

    it.each(['/agents', '/tasks', '/healthz', '/api/tasks', '/api/v1/ai/tasks', '/aix/tasks', '/ai/nothing'])(
      'leaves %s to the application',
      async (path) => {
        expect((await fetch(url + path)).status).toBe(404);
      },
    );

    it.each(kinds)(
      'is asked about %s %s, and its refusal keeps its status and has the form of the endpoint',
      async (method, path) => {
        const body = method === 'POST' ? { message: message('refused') } : undefined;
        const refused = (headers: Record<string, string>) =>
          call(method, `${url}/ai${path}`, { headers, ...(body === undefined ? {} : { body }) });
        const denied = await refused({ 'x-refuse': 'no' });
        expect([denied.status, at(denied.body, 'error', 'code')]).toEqual([403, 403]);
        expect(at(denied.body, 'error', 'status')).toBe('PERMISSION_DENIED');
        expect((await refused({ 'x-refuse-request': 'yes' })).status).toBe(403);
        const thrown = await refused({ 'x-refuse': '418' });
        expect([thrown.status, at(thrown.body, 'error', 'message')]).toEqual([418, 'Come back never.']);
        expect((await refused({ 'x-refuse': '401' })).status).toBe(401);
      },
    );

    it('refuses a call over JSON-RPC as JSON-RPC does, and no task is made of it', async () => {
      const agent = `${url}/ai/agents/function/echo`;
      const before = at((await call('GET', `${url}/ai/tasks`)).body, 'totalSize');
      const refused = await callRpc(agent, 'SendMessage', { message: message('four') }, { 'x-refuse': 'no' });
      expect(refused.status).toBe(403);
      expect(refused.body).toMatchObject({ jsonrpc: '2.0', id: 1, error: { message: 'Forbidden resource' } });
      expect(at((await call('GET', `${url}/ai/tasks`)).body, 'totalSize')).toBe(before);
    });

    it('leaves the application its own guards, interceptors, filters and pipes', async () => {
      const mine = `${url}/api/v1/mine`;
      expect((await call('GET', mine)).body).toEqual({ wrapped: { mine: true } });
      expect((await call('POST', mine, { body: { n: 1 } })).body).toEqual({ wrapped: { got: 'spoilt' } });
      expect(await call('GET', `${mine}/broken`)).toMatchObject({ status: 500, body: { filtered: true } });
      expect((await call('GET', mine, { headers: { 'x-refuse': 'no' } })).status).toBe(403);
      expect((await fetch(mine)).headers.get('x-request-id')).toBeNull();
    });

    it('answers in its own form what no JSON can be made of', async () => {
      const malformed = await call('POST', `${url}/ai/agents/function/echo`, { body: '{"jsonrpc":' });
      expect([malformed.status, at(malformed.body, 'error', 'code')]).toEqual([400, -32_700]);
      const api = await call('POST', `${url}/ai/sessions`, { body: '{"title":' });
      expect([api.status, at(api.body, 'error', 'status')]).toEqual([400, 'INVALID_ARGUMENT']);
    });
  });

  describe('with guards: none', () => {
    beforeAll(() => open({ guards: 'none' }));
    afterAll(() => app.close());

    it.each(kinds)('is not asked about %s %s', async (method, path) => {
      const body = method === 'POST' ? { body: { message: message(path) } } : {};
      const { status } = await call(method, `${url}/ai${path}`, { ...body, headers: { 'x-refuse': 'no' } });
      expect(status).toBeLessThan(300);
    });

    it('is asked about the application’s own', async () => {
      expect((await call('GET', `${url}/api/v1/mine`, { headers: { 'x-refuse': 'no' } })).status).toBe(403);
    });
  });
});
