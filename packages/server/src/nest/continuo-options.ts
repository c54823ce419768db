/** What `ContinuoModule.forRoot`, `forRootAsync` and `startServer` are told. */
import type {
  InjectionToken,
  LoggerService,
  ModuleMetadata,
  OptionalFactoryDependency,
  Provider,
  Type,
} from '@nestjs/common';
import type { Logger } from 'pino';
import type { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import type { Settings } from '../platform/settings.js';

/** What `ContinuoModule.forRoot` and `startServer` are told. */
export interface ContinuoOptions {
  /** Classes with `@A2AAgent`; what they inject must be in `providers`, exported by a module of `imports`, or global. */
  readonly agents: readonly Type<A2AAgentBaseService>[];
  /** A directory of agents that are declared in Markdown files. Default: none; `npm start` takes CONTINUO_AGENTS_DIR. */
  readonly agentsDir?: string | undefined;
  /** False: no session store; every call runs stateless. Default: CONTINUO_SESSIONS. */
  readonly sessions?: boolean | undefined;
  /** What the agents inject. */
  readonly providers?: readonly Provider[] | undefined;
  /** Modules whose exported providers the agents inject. */
  readonly imports?: ModuleMetadata['imports'] | undefined;
  /**
   * Settings by name, with types: `{ databaseUrl, drainMs: 5_000, auth: ['keys'] }`. Each is the environment variable of
   * that name (`drainMs` is CONTINUO_DRAIN_MS), is checked as that is, and comes before it. Default: none.
   */
  readonly config?: Settings | undefined;
  /** Where the rest of the configuration is read from. Default: the environment of the process. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /**
   * Where all of Continuo's HTTP endpoints are in the application, the console and the agent cards among them: `ai` puts
   * the agents at `/ai/agents`. A global prefix and versions of the application don't change it. Default: the root.
   */
  readonly path?: string | undefined;
  /**
   * Which of Continuo's HTTP endpoints the application's global guards (`APP_GUARD`, `useGlobalGuards`) guard, beside
   * CONTINUO_AUTH: all of them, cards and probes included, or none. Default: `all`.
   */
  readonly guards?: 'all' | 'none' | undefined;
  /**
   * What Continuo logs to: a LoggerService of Nest's, or a pino logger. CONTINUO_LOG_LEVEL says what is logged, and secrets
   * are hidden in either. Default: pino to stdout, as CONTINUO_LOG_FORMAT says.
   */
  readonly logger?: LoggerService | Logger | undefined;
  /**
   * Whether the web console is served, at `console` below `path`; it is the package `@continuo/console`. Default: false in a
   * Nest application; where it is installed, in `startServer`.
   */
  readonly console?: boolean | undefined;
}

/** What a factory of `forRootAsync` answers: all but what Nest has to know before it calls the factory. */
export type ContinuoFactoryOptions = Omit<ContinuoOptions, 'agents' | 'agentsDir' | 'providers' | 'imports'> &
  Partial<Pick<ContinuoOptions, 'agents'>>;

/** A class that makes the options, for `useClass` and `useExisting`. */
export interface ContinuoOptionsFactory {
  /** Called once, when the application is made. What it throws stops the start. */
  createContinuoOptions(): ContinuoFactoryOptions | Promise<ContinuoFactoryOptions>;
}

/** One of `useFactory`, `useClass` and `useExisting` makes the options; what they inject comes from `imports`. */
export interface ContinuoAsyncOptions extends Pick<ContinuoOptions, 'providers' | 'imports'> {
  /** As in ContinuoOptions; beside these the factory may name others. Default: none. */
  readonly agents?: ContinuoOptions['agents'] | undefined;
  /** What `useFactory` is called with. */
  readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[] | undefined;
  /** Makes the options; what it throws stops the start. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as in Nest's own types: what is injected is known to whoever writes the factory
  readonly useFactory?: ((...injected: any[]) => ContinuoFactoryOptions | Promise<ContinuoFactoryOptions>) | undefined;
  /** A class that makes them, of which Nest makes an object. */
  readonly useClass?: Type<ContinuoOptionsFactory> | undefined;
  /** The token of an object that is there already, and makes them. */
  readonly useExisting?: InjectionToken<ContinuoOptionsFactory> | undefined;
}
