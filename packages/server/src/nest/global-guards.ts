/** The global guards of the application that Continuo is in, for Continuo's endpoints: all of them, or none. */
import { ForbiddenException, HttpException, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import { ContextIdFactory, type ApplicationConfig, type ModuleRef } from '@nestjs/core';
import type { Request, Response } from 'express';
import { isObservable, lastValueFrom } from 'rxjs';
import { ForeignRefusal } from '../platform/http-errors.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';

export class GlobalGuards {
  constructor(
    private readonly application: ApplicationConfig,
    private readonly moduleRef: ModuleRef,
    /** What guards see as the class whose handler is asked for. */
    private readonly endpoint: Type,
  ) {}

  /** Whether the application has any. Known when it has been initialized. */
  get some(): boolean {
    return this.application.getGlobalGuards().length + this.application.getGlobalRequestGuards().length > 0;
  }

  /**
   * Resolves when all of them let the request in. Throws ForeignRefusal with the status of the HttpException that one of
   * them throws, 403 for one that answers no, and whatever else it throws as it is.
   */
  async admit(request: Request, response: Response): Promise<void> {
    const context = new EndpointContext([request, response], this.endpoint);
    try {
      for (const guard of [...this.application.getGlobalGuards(), ...(await this.#ofRequest(request))]) {
        if (!(await answerOf(guard, context))) throw new ForbiddenException('Forbidden resource');
      }
    } catch (error) {
      throw error instanceof HttpException ? new ForeignRefusal(error.getStatus(), messageOf(error), error) : error;
    }
  }

  /** Those that the application makes anew for each request. */
  async #ofRequest(request: Request): Promise<readonly CanActivate[]> {
    const wrappers = this.application.getGlobalRequestGuards();
    if (wrappers.length === 0) return [];
    const contextId = ContextIdFactory.getByRequest(request);
    this.moduleRef.registerRequestByContextId(request, contextId);
    return Promise.all(
      wrappers.map(({ token }) =>
        this.moduleRef.resolve<CanActivate>(token as Type<CanActivate>, contextId, { strict: false }),
      ),
    );
  }
}

/** As Nest takes it: of several answers the last one counts. */
async function answerOf(guard: CanActivate, context: ExecutionContext): Promise<boolean> {
  const answer = await guard.canActivate(context);
  return isObservable(answer) ? lastValueFrom(answer) : answer;
}

/** A call of one of Continuo's endpoints, whichever that is: guards tell them apart by the request. */
class EndpointContext implements ExecutionContext {
  constructor(
    private readonly given: readonly [Request, Response],
    private readonly endpoint: Type,
  ) {}

  getClass<T>(): Type<T> {
    return this.endpoint as Type<T>;
  }

  getHandler(): typeof continuoEndpoint {
    return continuoEndpoint;
  }

  getArgs<T extends unknown[]>(): T {
    return [...this.given] as unknown as T;
  }

  getArgByIndex<T>(index: number): T {
    return this.given[index] as T;
  }

  getType<T extends string>(): T {
    return 'http' as T;
  }

  switchToHttp(): ReturnType<ExecutionContext['switchToHttp']> {
    const [request, response] = this.given;
    return {
      getRequest: <T>() => request as T,
      getResponse: <T>() => response as T,
      getNext: <T>() => (() => undefined) as T,
    };
  }

  switchToRpc(): never {
    throw new Error('This is a request over HTTP.');
  }

  switchToWs(): never {
    throw new Error('This is a request over HTTP.');
  }
}

/** What guards see as the handler; it has no metadata. */
function continuoEndpoint(): void {}
