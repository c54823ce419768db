/** gRPC as the rest of the server sees it: whether and where it is served. What serves it is loaded when it is needed. */
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { Log } from '../platform/log.js';
import { ensureInstalled } from '../platform/optional-parts.js';
import type { GrpcSettings } from '../platform/grpc-variables.js';
import { openGrpcPort, type GrpcPort } from './grpc-port.js';
import type { GrpcServer, GrpcServerParts } from './grpc/grpc-server-parts.js';

/** When its libraries are loaded where nobody has asked for it, if no connection comes before. */
const LOAD_MS = 1_000;

export class GrpcListener {
  #port: GrpcPort | undefined;
  #loading: Promise<GrpcServer> | undefined;
  #loadLater: NodeJS.Timeout | undefined;

  constructor(
    /** Undefined: it is not served. */
    private readonly settings: GrpcSettings | undefined,
    private readonly log: Log,
  ) {}

  /** Where clients reach it whom HTTP reaches at `url`: `host:port`. Undefined while it is not served. */
  addressBeside(url: string): string | undefined {
    if (this.#port === undefined) return undefined;
    const hostname = URL.canParse(url) ? new URL(url).hostname : 'localhost';
    return this.settings?.publicAddress ?? `${hostname}:${this.#port.number}`;
  }

  /**
   * Resolves when it can be called. Throws CONFIG_INVALID and PACKAGE_MISSING where it can't be served as it was asked for.
   */
  async start(parts: Omit<GrpcServerParts, 'settings'>, number = this.settings?.port): Promise<void> {
    const { settings } = this;
    if (settings === undefined || number === undefined) return;
    const wanted = { ...parts, settings };
    try {
      ensureInstalled('grpc', 'gRPC');
      const onWaiting = (): void => this.#loadNow(wanted);
      this.#port = await openGrpcPort({ ...parts.limits, port: number, onWaiting, log: this.log });
      // Loading takes a while. Whoever has not asked for it is not kept waiting: connections that come meanwhile are.
      if (settings.isAskedFor || settings.tls !== undefined) await this.#load(wanted);
      else this.#loadLater = setTimeout(onWaiting, LOAD_MS).unref();
      this.log.info({ port: this.#port.number, tls: settings.tls !== undefined }, 'gRPC is served');
    } catch (error) {
      this.#drop();
      if (settings.isAskedFor || !(error instanceof ContinuoError)) throw error;
      // Whoever has not installed it has not asked for it.
      const level = error.code === 'PACKAGE_MISSING' ? 'info' : 'warn';
      this.log[level](`gRPC is not served: ${error.message}`);
    }
  }

  leave(): void {
    this.#port?.close();
    void this.#loaded().then((server) => server?.leave());
  }

  async answered(ms: number, signal?: AbortSignal): Promise<void> {
    await (await this.#loaded())?.answered(ms, signal);
  }

  async stop(): Promise<void> {
    this.#port?.close();
    await (await this.#loaded())?.stop();
  }

  #load(parts: GrpcServerParts): Promise<GrpcServer> {
    clearTimeout(this.#loadLater);
    return (this.#loading ??= this.#serve(parts));
  }

  #loadNow(parts: GrpcServerParts): void {
    this.#load(parts).catch((error: unknown) => {
      this.#drop();
      this.log.error(`gRPC is not served any more: ${messageOf(error)}`);
    });
  }

  async #serve(parts: GrpcServerParts): Promise<GrpcServer> {
    const { startGrpcServer } = await import('./grpc/grpc-server.js');
    const server = await startGrpcServer(parts);
    this.#port?.serve((socket) => server.take(socket));
    return server;
  }

  /** Undefined where nobody has called, and nobody will. */
  async #loaded(): Promise<GrpcServer | undefined> {
    clearTimeout(this.#loadLater);
    return this.#loading?.catch(() => undefined);
  }

  #drop(): void {
    this.#port?.cut();
    this.#port = undefined;
  }
}
