/** What marks the API's controllers: their own decorators, so that nothing an application does to its controllers reaches them. */
import { Injectable, type Type } from '@nestjs/common';
import type { Request, Response } from 'express';

export type HttpMethod = 'get' | 'post' | 'patch' | 'delete';

/** What a handler gets for one of its parameters. */
export type Argument = (request: Request, response: Response) => unknown;

export interface Route {
  readonly method: HttpMethod;
  /** As Express has it, below the controller's. */
  readonly path: string;
  /** The name of the method that handles it. */
  readonly handler: string;
}

interface Handler {
  readonly arguments: Map<number, Argument>;
  status: number | undefined;
  /** It sends the response itself. */
  sends: boolean;
}

interface Marks {
  path: string;
  readonly routes: Route[];
  readonly handlers: Map<string, Handler>;
}

const marks = new WeakMap<object, Marks>();

/** Of the controller with this prototype. */
export function marksOf(prototype: object): Marks {
  const known = marks.get(prototype) ?? { path: '', routes: [], handlers: new Map() };
  marks.set(prototype, known);
  return known;
}

/** Of the method `name`. */
export function handlerOf(prototype: object, name: string): Handler {
  const { handlers } = marksOf(prototype);
  const known = handlers.get(name) ?? { arguments: new Map(), status: undefined, sends: false };
  handlers.set(name, known);
  return known;
}

/** A controller of the API, below `path`; Nest makes it as it makes any provider. */
export function ApiController(path = '') {
  return (controller: Type): void => {
    marksOf(controller.prototype).path = path;
    Injectable()(controller);
  };
}

function route(method: HttpMethod) {
  return (path = '') =>
    (prototype: object, name: string): void => {
      marksOf(prototype).routes.push({ method, path, handler: name });
    };
}

export const Get = route('get');
export const Post = route('post');
export const Patch = route('patch');
export const Delete = route('delete');

/** The status of an answer. Default: 201 for what was posted, else 200. */
export function HttpCode(status: number) {
  return (prototype: object, name: string): void => {
    handlerOf(prototype, name).status = status;
  };
}

/** A decorator of parameters: what `argument` makes of a request is handed in. What it throws is the answer. */
export function argument(make: Argument): ParameterDecorator {
  return (prototype, name, index) => {
    handlerOf(prototype, String(name)).arguments.set(index, make);
  };
}

export const Req = (): ParameterDecorator => argument((request) => request);
export const Query = (): ParameterDecorator => argument((request) => request.query);
export const Param = (name: string): ParameterDecorator => argument((request) => request.params[name]);
export const Headers = (name: string): ParameterDecorator => argument((request) => request.headers[name.toLowerCase()]);

/** The response. Whoever takes it sends it, unless `passthrough` says that what the handler returns is the answer. */
export function Res({ passthrough = false }: { readonly passthrough?: boolean } = {}): ParameterDecorator {
  return (prototype, name, index) => {
    const handler = handlerOf(prototype, String(name));
    handler.arguments.set(index, (_request, response) => response);
    if (!passthrough) handler.sends = true;
  };
}
