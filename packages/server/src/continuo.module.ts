/** Continuo as a Nest module: inside somebody's own application, and under the stand-alone server. */
import type { Server } from 'node:http';
import {
  Inject,
  Module,
  Optional,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type NestModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  Scope,
  type Provider,
  type Type,
} from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { AgentHandlers } from './a2a/agent-handlers.js';
import { Discovery } from './a2a/discovery.js';
import { GrpcListener } from './a2a/grpc-listener.js';
import type { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { MemoryKeeper } from './agents/memory/memory-keeper.js';
import { apiControllers } from './api/api.js';
import { Door } from './auth/door.js';
import { FailedSignIns } from './auth/failed-sign-ins.js';
import { localDoor, ownNames } from './auth/local-door.js';
import { Agents } from './in-process/agents.js';
import { Sessions } from './in-process/sessions.js';
import { Tasks } from './in-process/tasks.js';
import type { ContinuoAsyncOptions, ContinuoOptions } from './nest/continuo-options.js';
import { continuoProviders } from './nest/continuo-providers.js';
import { Endpoints } from './nest/endpoints.js';
import { GlobalGuards } from './nest/global-guards.js';
import { requireKnownDependencies } from './nest/known-dependencies.js';
import { requireOneNest } from './nest/one-nest.js';
import { leaveProcess, takeProcess } from './nest/one-per-process.js';
import { OPENED, openPostgres, type Opened, type Postgres } from './nest/opened.js';
import { providersOf } from './nest/providers-of-modules.js';
import { SETTLED, settle, type Settled } from './nest/settled.js';
import { settledLater } from './nest/settled-later.js';
import { scopes } from './platform/caller.js';
import { CallerLimits } from './platform/caller-limits.js';
import { Database } from './platform/database.js';
import { DatabaseClock } from './platform/database-clock.js';
import { requireOneCopy } from '@continuo/agent/internal/platform/copies.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { loadTheRest } from '@continuo/agent/internal/platform/loaded-later.js';
import { diagnoseOnSignal } from './platform/diagnostics.js';
import { hostnameIn } from './platform/host-header.js';
import { portOf } from './platform/listening.js';
import type { Log } from './platform/log.js';
import { Metrics } from './platform/metrics/metrics.js';
import { MetricsListener } from './platform/metrics/metrics-listener.js';
import { MetricsPage } from './platform/metrics/metrics-page.js';
import { migrate } from './platform/migrate.js';
import { Outgoing } from './platform/outgoing.js';
import { startTelemetry, type Telemetry } from './platform/telemetry/telemetry.js';
import { CLOCK, LOG } from '@continuo/agent/internal/platform/tokens.js';
import { olderInstances } from './runs/instances.js';
import { Runtime } from './runtime.js';
import { shareMetrics } from './shared-metrics.js';
import { SessionsService } from './sessions/sessions.service.js';
import { ensureCommitEpoch } from './tasks/commit-epoch.js';

/** What answers may take that are on their way when nothing more is done for them: then their connections are cut. */
const LAST_ANSWERS_MS = 1_000;
/** When libraries are loaded that the start did without. */
const LOAD_MS = 1_000;

/**
 * Continuo in a Nest application: registers the agents and serves their endpoints, the HTTP API and, if wanted, the
 * console. Other providers inject `Agents`, `Tasks` and `Sessions`. A process has one such module.
 */
@Module({})
export class ContinuoModule
  implements NestModule, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  /**
   * What is served over HTTP; undefined before the application is initialized, and in one without HTTP.
   *
   * @internal
   */
  endpoints: Endpoints | undefined;
  #handlers: AgentHandlers | undefined;
  #stopDiagnostics: (() => void) | undefined;
  #postgres: Postgres | undefined;
  #telemetry: Telemetry | undefined;
  #runtimeStopped: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  readonly #guards: GlobalGuards | undefined;

  /** @internal Nest's: its types would have every project install those of what is in here. */
  constructor(
    @Inject(SETTLED) private readonly settled: Settled,
    @Inject(OPENED) private readonly opened: Opened | undefined,
    @Inject(LOG) private readonly log: Log,
    @Inject(CLOCK) private readonly clock: DatabaseClock,
    @Inject(Database) private readonly database: Database,
    @Inject(Runtime) private readonly runtime: Runtime,
    @Inject(Door) private readonly door: Door,
    @Inject(CallerLimits) private readonly limits: CallerLimits,
    @Inject(Outgoing) private readonly outgoing: Outgoing,
    @Inject(GrpcListener) private readonly grpc: GrpcListener,
    @Inject(FailedSignIns) private readonly failedSignIns: FailedSignIns,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(MetricsPage) private readonly metricsPage: MetricsPage,
    @Inject(MetricsListener) private readonly metricsListener: MetricsListener,
    @Optional() @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Optional() @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Optional() @Inject(ApplicationConfig) application: ApplicationConfig,
  ) {
    // Another copy of Nest knows none of them.
    requireOneNest(moduleRef);
    this.#guards = settled.guards === 'none' ? undefined : new GlobalGuards(application, moduleRef, ContinuoModule);
    // Whoever the application belongs to ends it: `/readyz` says that nothing more is taken here.
    this.runtime.schema.onBreaking(() => this.#stopRuntime());
  }

  /**
   * Continuo in a Nest application: serves `agents` and Continuo's endpoints on the application's server, and provides
   * `Agents`, `Tasks`, `Sessions` and `SessionsService` to whoever imports the module.
   *
   * Nothing is opened here. When the application is initialized (`app.init()`, `app.listen()`), the database is opened and
   * migrated, this instance joins those that share it, and tasks that are under way go on; what was accepted is durable from
   * then on. `app.close()` drains and stops all of it, and an initialization that fails has stopped what it had started. The
   * module installs no signal handlers: call `app.enableShutdownHooks()`, or `app.close()` yourself. One module at a time
   * runs agents in a process. `opened` is for programs of Continuo's own.
   *
   * @throws ConfigError for settings or variables that are wrong, and ContinuoError: CONFIG_INVALID for options that are,
   * AGENT_INVALID for declared agents that are, PACKAGE_MISSING when there are two copies of Nest or of a package of
   * Continuo's. The initialization throws ContinuoError and EmbeddedPostgresError: an agent
   * is wrong, the database can't be used, another module runs in the process, or the HTTP adapter is neither Express's nor
   * Fastify's.
   * @example
   * @Module({ imports: [ContinuoModule.forRoot({ agents: [GreeterAgent], imports: [OrdersModule], path: 'ai' })] })
   * export class AppModule {}
   */
  static forRoot(options: ContinuoOptions, opened?: Opened): DynamicModule {
    const settled = settle(options);
    const agents = [...settled.agents, ...settled.providers, ...(options.providers ?? [])];
    return assembled({ provide: SETTLED, useValue: settled }, agents, options.imports, opened);
  }

  /**
   * As `forRoot`, with options that are made when the application is: by `useFactory`, which is called with what `inject`
   * names, or by `useClass` or `useExisting`, a ContinuoOptionsFactory. What Nest has to know before (`imports`,
   * `providers`) stands beside them; agents can be named here or by the factory. What `forRoot` throws is thrown when
   * the application is made.
   *
   * @example
   * ContinuoModule.forRootAsync({
   *   imports: [ConfigModule],
   *   inject: [ConfigService],
   *   agents: [GreeterAgent],
   *   useFactory: (config: ConfigService) => ({ config: { databaseUrl: config.getOrThrow('DATABASE_URL') } }),
   * })
   */
  static forRootAsync(options: ContinuoAsyncOptions): DynamicModule {
    const [settled, ...makers] = settledLater(options);
    const { agents = [], providers = [], imports } = options;
    return assembled(settled, [...makers, ...agents, ...providers], imports, undefined);
  }

  /** The endpoints come before the routes of the application's controllers. */
  configure(): void {
    const { settled, runtime, limits, log, door, outgoing, metrics } = this;
    const { config, path, console } = settled;
    const ownsServer = this.opened?.ownsServer ?? false;
    const { registry, calls, tasks, pushConfigs, idempotency } = runtime;
    const discovery = this.#discovery();
    const parts = { registry, calls, tasks, pushConfigs, idempotency };
    const handlers = new AgentHandlers({ ...config, ...parts, discovery, limits, log });
    this.#handlers = handlers;
    const controllers = apiControllers.map((controller): object => this.moduleRef.get(controller));
    this.endpoints = new Endpoints({
      config,
      path,
      registry,
      calls,
      tasks,
      sessions: this.moduleRef.get<SessionsService | undefined>(SessionsService),
      limits,
      handlers,
      discovery,
      door,
      outgoing,
      metrics,
      log,
      guards: this.#guards,
      controllers,
      console: ownsServer ? console : (console ?? false),
      ownsServer,
    });
    this.endpoints.mount(this.host.httpAdapter);
  }

  /** A start that fails stops what it has started, whatever the host does about it. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      this.#warn();
      await this.#register();
      await this.#open();
      if (!this.#isReadOnly) await this.#start();
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

  /** Hands over what runs and closes what the module has opened. Nest calls it. */
  async onApplicationShutdown(): Promise<void> {
    await this.#stop();
  }

  #warn(): void {
    const { unknownVariables, auth, jwtScopesAssumed } = this.settled.config;
    for (const name of unknownVariables) {
      this.log.warn(`${name} is set, but there is no such variable; it changes nothing`);
    }
    if (auth.includes('jwt') && jwtScopesAssumed) {
      this.log.warn(
        `a token whose scope names none of ${scopes.join(', ')} may read and write; CONTINUO_JWT_SCOPES says otherwise, or that it is meant so`,
      );
    }
  }

  async #register(): Promise<void> {
    const { registry } = this.runtime;
    for (const agent of this.settled.agents) registry.add(await this.#instanceOf(agent));
    if (registry.list().some(({ description }) => description.memory)) registry.add(this.moduleRef.get(MemoryKeeper));
    this.runtime.connected.makeWith((type) => this.moduleRef.create(type));
  }

  /** An agent that a factory has named was unknown when Nest made the others. */
  async #instanceOf(agent: Type<A2AAgentBaseService>): Promise<A2AAgentBaseService> {
    if (this.settled.late.includes(agent)) return this.moduleRef.create(agent);
    if (this.moduleRef.introspect(agent).scope !== Scope.DEFAULT) throw scoped(agent);
    return this.moduleRef.get(agent, { strict: false });
  }

  async #open(): Promise<void> {
    if (!this.#isReadOnly) takeProcess(this);
    this.#postgres = this.opened?.postgres ?? (await openPostgres(this.settled.config, this.log));
    this.database.servers.leadTo(this.#postgres.url);
  }

  async #start(): Promise<void> {
    const { config } = this.settled;
    await migrate(this.#postgres?.url ?? '', {
      log: this.log,
      olderInstances: (client, number) => olderInstances(client, number, config.leaseMs),
      afterwards: ensureCommitEpoch,
      signal: this.opened?.signal,
    });
    this.#telemetry = await startTelemetry(config, { log: this.log, clock: this.clock });
    await this.database.checkSessions();
    await this.clock.start(this.database, this.log);
    await this.runtime.start();
    // In the local mode nobody signs in.
    if (config.auth.length > 0) this.failedSignIns.start();
    await this.#startGrpc();
    await this.#startMetrics();
    this.#stopDiagnostics = diagnoseOnSignal({
      ...config,
      kinds: config.diagnostics,
      clock: this.clock,
      log: this.log,
    });
  }

  #discovery(): Discovery {
    const { registry, signingKeys } = this.runtime;
    const { config } = this.settled;
    const { auth: schemes, jwtIssuer: issuer, oauthFlows, mtls } = config;
    const auth = { schemes, issuer, oauthFlows, mtls };
    return new Discovery({
      ...config,
      grpcBeside: (url) => this.grpc.addressBeside(url),
      registry,
      signingKeys,
      auth,
      ownNames: ownNames(config),
    });
  }

  /** Guards of Nest's are asked about HTTP: where there are some, gRPC is a way around them, which is to be asked for. */
  async #startGrpc(): Promise<void> {
    const { config: limits, path } = this.settled;
    if (this.#handlers === undefined || limits.grpc === undefined) return;
    if (this.#guards?.some === true) {
      if (!limits.grpc.isAskedFor) return;
      this.log.warn('the global guards of the application are not asked about calls over gRPC (CONTINUO_GRPC_PORT)');
    }
    const { door, clock, log } = this;
    const { registry, readiness } = this.runtime;
    const httpAddress = (host: string): string => {
      const port = portOf(this.host.httpAdapter.getHttpServer() as Server, limits.port);
      return limits.publicUrl ?? `http://${hostnameIn(host) ?? 'localhost'}:${port}${path}`;
    };
    const { record } = this.metrics;
    const parts = { limits, door, record, clock, log, registry, readiness, handlers: this.#handlers, httpAddress };
    await this.grpc.start(parts, this.opened?.grpcPort);
  }

  async #startMetrics(): Promise<void> {
    const { metrics, metricsPage: page, clock, log } = this;
    const { config } = this.settled;
    shareMetrics(metrics, this.database, clock, log);
    const { metricsPort: port, host } = config;
    if (port !== undefined) {
      await this.metricsListener.start({ page, port, host, refused: localDoor(config), log });
    }
    // That takes a while: the server answers meanwhile.
    setTimeout(() => {
      metrics.load();
      void loadTheRest();
    }, LOAD_MS).unref();
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
      this.metricsListener.stop();
      this.#stopDiagnostics?.();
      this.door.stop();
      await Promise.all([this.failedSignIns.stop(), this.runtime.files.settled()]);
      await this.clock.stop();
      await this.database.close();
      await this.#telemetry?.stop();
      await this.#postgres?.stop();
      leaveProcess(this);
      this.log.info('stopped');
    }
  }
}

function scoped({ name }: Type): ContinuoError {
  return new ContinuoError(
    'AGENT_INVALID',
    `Agent ${name} can't be registered: it, or something that it injects, is request-scoped, or it is transient, and one object of an agent serves all tasks. Expected: providers of the default scope; what a single task needs belongs into its steps.`,
  );
}

function assembled(
  settled: Provider,
  agents: readonly Provider[],
  imports: ContinuoOptions['imports'],
  opened: Opened | undefined,
): DynamicModule {
  requireOneCopy();
  requireKnownDependencies(agents);
  // The modules of a server of our own are made by a Nest that nobody hears; a host's are warned of by Nest.
  if (opened?.ownsServer === true) requireKnownDependencies(providersOf(imports));
  return {
    module: ContinuoModule,
    imports: [...(imports ?? [])],
    providers: [...continuoProviders(settled, opened), ...agents],
    exports: [Agents, Tasks, Sessions, SessionsService],
  };
}
