/** gRPC as the rest of the server sees it: whether and where it is served. What serves it is loaded when it starts. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Log } from '../platform/log.js';
import { ensureInstalled } from '../platform/optional-parts.js';
import type { GrpcSettings } from '../platform/grpc-variables.js';
import type { GrpcServer, GrpcServerParts } from './grpc/grpc-server-parts.js';

export class GrpcListener {
  #server: GrpcServer | undefined;

  constructor(
    /** Undefined: it is not served. */
    private readonly settings: GrpcSettings | undefined,
    private readonly log: Log,
  ) {}

  /** Where clients reach it whom HTTP reaches at `url`: `host:port`. Undefined while it is not served. */
  addressBeside(url: string): string | undefined {
    if (this.#server === undefined) return undefined;
    const hostname = URL.canParse(url) ? new URL(url).hostname : 'localhost';
    return this.settings?.publicAddress ?? `${hostname}:${this.#server.port}`;
  }

  /** Throws CONFIG_INVALID and PACKAGE_MISSING where it can't be served as it was asked for. */
  async start(parts: Omit<GrpcServerParts, 'settings'>, port = this.settings?.port): Promise<void> {
    const { settings } = this;
    if (settings === undefined || port === undefined) return;
    try {
      ensureInstalled('grpc', 'gRPC');
      const { startGrpcServer } = await import('./grpc/grpc-server.js');
      this.#server = await startGrpcServer({ ...parts, settings: { ...settings, port } });
      this.log.info({ port: this.#server.port, tls: settings.tls !== undefined }, 'gRPC is served');
    } catch (error) {
      if (settings.isAskedFor || !(error instanceof ContinuoError)) throw error;
      // Whoever has not installed it has not asked for it.
      const level = error.code === 'PACKAGE_MISSING' ? 'info' : 'warn';
      this.log[level](`gRPC is not served: ${error.message}`);
    }
  }

  leave(): void {
    this.#server?.leave();
  }

  async answered(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#server?.answered(ms, signal);
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }
}
