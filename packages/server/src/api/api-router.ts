/** The API's controllers on HTTP, as one Express router. */
import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { answerLargeJson } from '../platform/answer-json.js';
import { handlerOf, marksOf, type Route } from './route-decorators.js';

/** Passes on what is none of the controllers'; what they throw is answered by `failed`. */
export function apiRouter(controllers: readonly object[], failed: ErrorRequestHandler): Router {
  const router = Router();
  for (const controller of controllers) {
    const prototype: object = Object.getPrototypeOf(controller);
    const { path, routes } = marksOf(prototype);
    for (const route of routes) {
      router[route.method](pathOf(path, route.path), toHandler(controller, route));
    }
  }
  router.use(failed);
  return router;
}

/** The routes of `controllers`, each as `GET /tasks/:id`. */
export function apiRoutes(controllers: readonly object[]): readonly string[] {
  return controllers.flatMap((controller) => {
    const { path, routes } = marksOf(Object.getPrototypeOf(controller) as object);
    return routes.map((route) => `${route.method.toUpperCase()} ${pathOf(path, route.path)}`);
  });
}

function pathOf(...parts: readonly string[]): string {
  return `/${parts.filter((part) => part !== '').join('/')}`;
}

function toHandler(controller: object, { method, handler: name }: Route): RequestHandler {
  const {
    arguments: makers,
    status = method === 'post' ? 201 : 200,
    sends,
  } = handlerOf(Object.getPrototypeOf(controller) as object, name);
  const count = Math.max(-1, ...makers.keys()) + 1;
  const handle: unknown = Reflect.get(controller, name);
  if (typeof handle !== 'function') throw new Error(`${controller.constructor.name} has no method ${name}.`);
  return async (request: Request, response: Response) => {
    response.status(status);
    const given = Array.from({ length: count }, (_, index) => makers.get(index)?.(request, response));
    const body: unknown = await handle.apply(controller, given);
    if (!sends) answer(response, body);
  };
}

/** Nobody is there to be answered when a client has gone while its request was read. */
function answer(response: Response, body: unknown): void {
  if (response.destroyed || response.headersSent) return;
  if (body === undefined || body === null) response.send();
  else if (!answerLargeJson(response, body)) response.json(body);
}
