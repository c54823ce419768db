/** Continuo as a Nest module: inside somebody's own application, and under the stand-alone server. */
import type { Server } from 'node:http';
import {
  Inject,
  Module,
  type DynamicModule,
  type NestModule,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type Provider,
  type Type,
} from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModuleRef } from '@nestjs/core';
import type { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { EMBEDDINGS, type Embeddings } from '@continuo/agent/internal/agents/models/embeddings.js';
import { LANGUAGE_MODEL } from '@continuo/agent/internal/agents/models/language-model.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { CLOCK, CONFIG, LOG } from '@continuo/agent/internal/platform/tokens.js';
import { AgentHandlers } from './a2a/agent-handlers.js';
import { AGENT_PATHS, agentEndpoints } from './a2a/agent-endpoints.js';
import { refuseWhat } from './a2a/answer-error.js';
import { GrpcListener } from './a2a/grpc-listener.js';
import { Discovery } from './a2a/discovery.js';
import { declaredAgents } from './agents/declared/declared-agents.js';
import { CardTrust } from './agents/external/card-trust.js';
import { configuredAgents } from './agents/external/configured-agents.js';
import { embeddingsFromConfig } from './agents/models/embeddings-from-config.js';
import { modelFromConfig } from './agents/models/model-from-config.js';
import { MemoryKeeper } from './agents/memory/memory-keeper.js';
import { provideServices } from './agents/provided-services.js';
import { McpTools } from './agents/tools/mcp-tools.js';
import { RefreshTokens } from './auth/refresh-tokens.js';
import { apiControllers, apiProviders, guardedPaths, openPaths } from './api/api.js';
import { behindPrefix } from './api/global-prefix.js';
import { ApiKeys } from './auth/api-keys.js';
import { Door } from './auth/door.js';
import { localDoor, ownNames } from './auth/local-door.js';
import { tokensFrom } from './auth/tokens.js';
import { AgentCalls } from './calls/agent-calls.js';
import { IdempotencyKeys } from './calls/idempotency.js';
import { FilesService } from './files/files.service.js';
import { MemoriesService } from './memories/memories.service.js';
import { olderInstances } from './runs/instances.js';
import { UsageService } from './runs/usage/usage-service.js';
import { scopes } from './platform/caller.js';
import { CallerLimits } from './platform/caller-limits.js';
import { loadConfig, type Config } from './platform/config.js';
import { Database } from './platform/database.js';
import { DatabaseClock } from './platform/database-clock.js';
import { Egress } from './platform/egress/egress.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './platform/embedded-postgres/start.js';
import { hostnameIn } from './platform/host-header.js';
import { portOf } from './platform/listening.js';
import { createLog, secretsOf, type Log } from './platform/log.js';
import { below, inTurn } from './platform/in-turn.js';
import { migrate } from './platform/migrate.js';
import { Outgoing } from './platform/outgoing.js';
import { Readiness } from './platform/readiness.js';
import { requestLog } from './platform/request-log.js';
import { Runtime } from './runtime.js';
import { SessionEraser } from './retention/erase.js';
import { SessionShares } from './sessions/session-shares.js';
import { SessionsService } from './sessions/sessions.service.js';
import { ensureCommitEpoch } from './tasks/commit-epoch.js';
import { SessionExport } from './tasks/export-session.js';
import { Quotas } from './tasks/quotas.js';
import { TasksService } from './tasks/tasks-service.js';
import { WebhooksService } from './webhooks/webhooks.service.js';

/** What `Runtime` has made, for whoever injects it. */
const madeByRuntime = (
  [
    [AgentRegistry, ({ registry }) => registry],
    [AgentCalls, ({ calls }) => calls],
    [TasksService, ({ tasks }) => tasks],
    [FilesService, ({ files }) => files],
    [WebhooksService, ({ webhooks }) => webhooks],
    [Egress, ({ agentEgress }) => agentEgress],
    [CardTrust, ({ cardTrust }) => cardTrust],
    [IdempotencyKeys, ({ idempotency }) => idempotency],
    [Quotas, ({ quotas }) => quotas],
    [UsageService, ({ usage }) => usage],
    [Readiness, ({ readiness }) => readiness],
    [ApiKeys, ({ keys }) => keys],
    [SessionShares, ({ shares }) => shares],
    [MemoriesService, ({ memories }) => memories],
    [SessionExport, ({ sessionExport }) => sessionExport],
    [SessionEraser, ({ eraser }) => eraser],
  ] as const satisfies readonly (readonly [Type, (runtime: Runtime) => unknown])[]
).map(([provide, useFactory]): Provider => ({ provide, inject: [Runtime], useFactory }));

provideServices();

const AGENTS = Symbol('continuo:agents');
const POSTGRES = Symbol('continuo:postgres');
const OPENED = Symbol('continuo:opened');
/** What answers may take that are on their way when nothing more is done for them: then their connections are cut. */
const LAST_ANSWERS_MS = 1_000;

export interface ContinuoOptions {
  /** Classes with `@A2AAgent`; what they inject must be in `providers` or in a global module. */
  readonly agents: readonly Type<A2AAgentBaseService>[];
  /** A directory of agents that are declared in Markdown files. Default: none; `npm start` takes CONTINUO_AGENTS_DIR. */
  readonly agentsDir?: string;
  /** False: no session store; every call runs stateless. Default: CONTINUO_SESSIONS. */
  readonly sessions?: boolean;
  /** What the agents inject. */
  readonly providers?: readonly Provider[];
  /** Where the configuration is read from. Default: the environment of the process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A database of our own, or none where DATABASE_URL names one. */
type Postgres = Pick<EmbeddedPostgres, 'url' | 'stop'>;

/** What whoever makes the module has opened before, and stops when the module can't be made. */
export interface Opened {
  readonly log: Log;
  readonly postgres: Postgres;
  /** Aborted when the start is not wanted any more: it then waits for nobody. */
  readonly signal: AbortSignal;
  /** The port of gRPC where that is chosen already; else the configuration says it. */
  readonly grpcPort?: number | undefined;
  /** The agents are only looked at: nothing is written, begun or listened for. Default: false. */
  readonly readOnly?: boolean;
}

@Module({})
export class ContinuoModule
  implements NestModule, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  #handlers: AgentHandlers | undefined;
  #runtimeStopped: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
    @Inject(CLOCK) private readonly clock: DatabaseClock,
    @Inject(POSTGRES) private readonly postgres: Postgres,
    @Inject(Database) private readonly database: Database,
    @Inject(Runtime) private readonly runtime: Runtime,
    @Inject(Door) private readonly door: Door,
    @Inject(CallerLimits) private readonly limits: CallerLimits,
    @Inject(Outgoing) private readonly outgoing: Outgoing,
    @Inject(GrpcListener) private readonly grpc: GrpcListener,
    @Inject(OPENED) private readonly opened: Opened | undefined,
    @Inject(AGENTS) private readonly agents: readonly Type<A2AAgentBaseService>[],
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ApplicationConfig) private readonly application: ApplicationConfig,
  ) {
    // Whoever the application belongs to ends it: `/readyz` says that nothing more is taken here.
    this.runtime.schema.onBreaking(() => this.#stopRuntime());
  }

  /**
   * Makes the module; one per process, as the durable engine is. `opened` are a log and a database that are open
   * already; without them the module opens its own when Nest puts it together.
   */
  static forRoot(options: ContinuoOptions, opened?: Opened): DynamicModule {
    const config = loadConfig(options.env);
    const sessions = options.sessions ?? config.sessions;
    const declared = declaredAgents(options.agentsDir, config);
    const agents = [...options.agents, ...declared.agents, ...configuredAgents(config.externalAgents)];
    const outgoing = new Outgoing(config.stalledClientMs);
    const providers: Provider[] = [
      { provide: Outgoing, useValue: outgoing },
      { provide: CONFIG, useValue: { ...config, sessions } },
      { provide: CLOCK, useValue: new DatabaseClock() },
      { provide: LOG, useFactory: () => opened?.log ?? logOf(config) },
      { provide: AGENTS, useValue: agents },
      { provide: OPENED, useFactory: () => opened },
      { provide: POSTGRES, inject: [LOG], useFactory: (log: Log) => opened?.postgres ?? openPostgres(config, log) },
      {
        provide: Database,
        inject: [POSTGRES, LOG],
        useFactory: (postgres: Postgres, log: Log) =>
          new Database(postgres.url, {
            poolSize: config.databasePool,
            log,
            readUrl: config.databaseReadUrl,
            readOnly: opened?.readOnly ?? false,
          }),
      },
      ...(sessions
        ? [
            {
              provide: SessionsService,
              inject: [Database, CLOCK],
              useFactory: (database: Database, clock: Clock) => new SessionsService(database, clock),
            },
          ]
        : []),
      {
        provide: Runtime,
        inject: [CONFIG, Database, CLOCK, LOG, EMBEDDINGS, { token: SessionsService, optional: true }],
        useFactory: (
          settings: Config,
          database: Database,
          clock: Clock,
          log: Log,
          embeddings?: Embeddings,
          store?: SessionsService,
        ) => new Runtime({ config: settings, database, embeddings, sessions: store, outgoing, clock, log }),
      },
      ...madeByRuntime,
      {
        provide: Door,
        inject: [ApiKeys, CallerLimits, CLOCK, LOG],
        useFactory: (keys: ApiKeys, limits: CallerLimits, clock: Clock, log: Log) =>
          new Door({ schemes: config.auth, keys, tokens: tokensFrom(config, clock), limits, log }),
      },
      {
        provide: CallerLimits,
        inject: [CLOCK],
        useFactory: (clock: Clock) => new CallerLimits(config.callerLimits, clock),
      },
      { provide: GrpcListener, inject: [LOG], useFactory: (log: Log) => new GrpcListener(config.grpc, log) },
      ...apiProviders,
      {
        provide: McpTools,
        inject: [LOG, Egress, CLOCK, Database],
        useFactory: (log: Log, egress: Egress, clock: Clock, database: Database) =>
          new McpTools(config.mcpServers, { log, egress, clock, tokens: new RefreshTokens(database) }),
      },
      { provide: LANGUAGE_MODEL, useFactory: () => modelFromConfig(config) },
      { provide: EMBEDDINGS, useFactory: () => embeddingsFromConfig(config) },
      ...agents,
      MemoryKeeper,
      ...declared.providers,
      ...(options.providers ?? []),
    ];
    return {
      module: ContinuoModule,
      providers,
      controllers: [...apiControllers],
      exports: [AgentCalls, TasksService, ...(sessions ? [SessionsService] : [])],
    };
  }

  /** The agents' endpoints are plain Express handlers; they come before the routes of Nest's controllers. */
  configure(): void {
    const { registry, calls, tasks, pushConfigs } = this.runtime;
    const { enter } = this.door;
    const watched = inTurn(requestLog(this.log), this.outgoing.watch);
    const ownPaths = [...guardedPaths, ...openPaths, ...AGENT_PATHS];
    const guarded = inTurn(below(ownPaths, refuseWhat(localDoor(this.config))), below(guardedPaths, enter));
    const { limits, log } = this;
    const discovery = this.#discovery();
    const handlers = new AgentHandlers({ ...this.config, discovery, limits, registry, calls, tasks, pushConfigs, log });
    this.#handlers = handlers;
    const [rpc, others] = agentEndpoints({ ...this.config, registry, handlers, discovery, enter, log });
    const moved = behindPrefix(this.application);
    this.host.httpAdapter.use(inTurn(watched, guarded, rpc), others, ...(moved === undefined ? [] : [moved]));
  }

  /** A start that fails stops what it has started, whatever the host does about it. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      for (const name of this.config.unknownVariables) {
        this.log.warn(`${name} is set, but there is no such variable; it changes nothing`);
      }
      if (this.config.auth.includes('jwt') && this.config.jwtScopesAssumed) {
        this.log.warn(
          `a token whose scope names none of ${scopes.join(', ')} may read and write; CONTINUO_JWT_SCOPES says otherwise, or that it is meant so`,
        );
      }
      const { registry } = this.runtime;
      for (const agent of this.agents) registry.add(this.moduleRef.get(agent, { strict: false }));
      if (registry.list().some(({ description }) => description.memory)) registry.add(this.moduleRef.get(MemoryKeeper));
      if (this.#isReadOnly) return;
      await migrate(this.postgres.url, {
        log: this.log,
        olderInstances: (client, number) => olderInstances(client, number, this.config.leaseMs),
        afterwards: ensureCommitEpoch,
        signal: this.opened?.signal,
      });
      await this.database.checkSessions();
      await this.clock.start(this.database, this.log);
      await this.runtime.start();
      await this.#startGrpc();
    } catch (error) {
      await this.#stop().catch((failed: unknown) => this.log.warn({ err: failed }, 'the failed start left something'));
      throw error;
    }
  }

  /** Before the HTTP server closes: while runs are given their time, `/readyz` says that there will be no more. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#stopRuntime();
    if (this.#isReadOnly) return;
    await Promise.all([this.outgoing.ended(LAST_ANSWERS_MS, this.clock), this.grpc.answered(LAST_ANSWERS_MS)]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#stop();
  }

  #discovery(): Discovery {
    const { registry, signingKeys } = this.runtime;
    const { auth: schemes, jwtIssuer: issuer, oauthFlows, mtls } = this.config;
    const auth = { schemes, issuer, oauthFlows, mtls };
    return new Discovery({
      ...this.config,
      grpcBeside: (url) => this.grpc.addressBeside(url),
      registry,
      signingKeys,
      auth,
      ownNames: ownNames(this.config),
    });
  }

  async #startGrpc(): Promise<void> {
    if (this.#handlers === undefined) return;
    const { config: limits, door, clock, log } = this;
    const { registry, readiness } = this.runtime;
    const httpAddress = (host: string): string => {
      const port = portOf(this.host.httpAdapter.getHttpServer() as Server, limits.port);
      return limits.publicUrl ?? `http://${hostnameIn(host) ?? 'localhost'}:${port}`;
    };
    const parts = { limits, door, clock, log, registry, readiness, handlers: this.#handlers, httpAddress };
    await this.grpc.start(parts, this.opened?.grpcPort);
  }

  get #isReadOnly(): boolean {
    return this.opened?.readOnly === true;
  }

  #stopRuntime(): Promise<void> {
    return (this.#runtimeStopped ??= this.#isReadOnly ? Promise.resolve() : this.runtime.stop());
  }

  #stop(): Promise<void> {
    return (this.#stopped ??= this.#stopAll());
  }

  async #stopAll(): Promise<void> {
    try {
      await this.#stopRuntime();
    } finally {
      await this.grpc.stop();
      this.door.stop();
      await this.clock.stop();
      await this.database.close();
      await this.postgres.stop();
      this.log.info('stopped');
    }
  }
}

/** The log as the configuration wants it, which no secret of the configuration reaches. */
export function logOf(config: Config): Log {
  const isOneOfSeveral = config.processes !== 1;
  return createLog(config.logLevel, { secrets: secretsOf(config), format: config.logFormat, isOneOfSeveral });
}

export async function openPostgres(config: Config, log: Log): Promise<Postgres> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, stop: () => Promise.resolve() };
  return startEmbeddedPostgres({ dataDir: config.dataDir, log });
}
