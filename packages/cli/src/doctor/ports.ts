/** Whether the ports can be had, or a Continuo is there already. */
import { ensureFree, urlOfListener, type Config } from '@continuo/server/commands';
import { messageOf } from '../terminal/message-of.js';
import { ok, wrong, type Finding } from './finding.js';

const ANSWER_MS = 3_000;

/** Gives back the address of the Continuo that is there already. */
export async function* portFindings({ port, host, grpc }: Config): AsyncGenerator<Finding, string | undefined> {
  const http = await portFinding('port', port, host, 'PORT');
  const url = urlOfListener(host, port);
  const isServer = http.health === 'wrong' && (await isContinuo(url));
  yield isServer ? ok('port', `a Continuo answers at ${url}`) : http;
  const found = isServer ? url : undefined;
  if (grpc?.isAskedFor !== true) return found;
  const other = await portFinding('gRPC port', grpc.port, host, 'CONTINUO_GRPC_PORT');
  // It is the server's that was found.
  yield isServer && other.health === 'wrong' ? ok('gRPC port', `${grpc.port} is the server's`) : other;
  return found;
}

async function portFinding(about: string, port: number, host: string, variable: string): Promise<Finding> {
  try {
    await ensureFree(port, host, variable);
    return ok(about, port === 0 ? 'a free one is taken' : `${port} on ${host} is free`);
  } catch (error) {
    return wrong(about, messageOf(error), `Set ${variable}, or stop what listens there.`);
  }
}

async function isContinuo(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const { status } = (await response.json()) as { readonly status?: unknown };
    return typeof status === 'string';
  } catch {
    return false;
  }
}
