/** What a ContinuoModule is put together from: everything that its settled options lead to. */
import type { Provider, Type } from '@nestjs/common';
import { CardTrust } from '../agents/external/card-trust.js';
import { ConnectedAgents } from '../agents/external/connected-agents.js';
import { KnownCards } from '../agents/external/known-cards.js';
import { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { MemoryKeeper } from '../agents/memory/memory-keeper.js';
import { EMBEDDINGS, type Embeddings } from '@continuo/agent/internal/agents/models/embeddings.js';
import { embeddingsFromConfig } from '../agents/models/embeddings-from-config.js';
import { LANGUAGE_MODEL } from '@continuo/agent/internal/agents/models/language-model.js';
import { modelFromConfig } from '../agents/models/model-from-config.js';
import { provideServices } from '../agents/provided-services.js';
import { McpTools } from '../agents/tools/mcp-tools.js';
import { GrpcListener } from '../a2a/grpc-listener.js';
import { apiControllers, apiProviders } from '../api/api.js';
import { ApiKeys } from '../auth/api-keys.js';
import { FailedSignIns } from '../auth/failed-sign-ins.js';
import { AuditLog } from '../auth/read-audit.js';
import { Door } from '../auth/door.js';
import { RefreshTokens } from '../auth/refresh-tokens.js';
import { tokensFrom } from '../auth/tokens.js';
import { AgentCalls } from '../calls/agent-calls.js';
import { IdempotencyKeys } from '../calls/idempotency.js';
import { FilesService } from '../files/files.service.js';
import { inProcessProviders } from '../in-process/in-process.js';
import { MemoriesService } from '../memories/memories.service.js';
import { CallerLimits } from '../platform/caller-limits.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import type { Config } from '../platform/config.js';
import { Database } from '../platform/database.js';
import { DatabaseClock } from '../platform/database-clock.js';
import { Egress } from '../platform/egress/egress.js';
import { logOf, type Log } from '../platform/log.js';
import { Outgoing } from '../platform/outgoing.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { MetricsListener } from '../platform/metrics/metrics-listener.js';
import { MetricsPage } from '../platform/metrics/metrics-page.js';
import { supervisorLink } from '../processes/supervisor-link.js';
import { Readiness } from '../platform/readiness.js';
import { CLOCK, CONFIG, LOG } from '@continuo/agent/internal/platform/tokens.js';
import { SessionTitles } from '../agents/titles/session-titles.js';
import { SessionEraser, TaskEraser } from '../retention/erase.js';
import { TraceService } from '../runs/trace/trace-service.js';
import { UsageService } from '../runs/usage/usage-service.js';
import { Runtime } from '../runtime.js';
import { SessionShares } from '../sessions/session-shares.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SessionExport } from '../tasks/export-session.js';
import { Quotas } from '../tasks/quotas.js';
import { TasksService } from '../tasks/tasks-service.js';
import { WebhooksService } from '../webhooks/webhooks.service.js';
import { OPENED, type Opened } from './opened.js';
import { SETTLED, type Settled } from './settled.js';

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
    [ConnectedAgents, ({ connected }) => connected],
    [KnownCards, ({ knownCards }) => knownCards],
    [IdempotencyKeys, ({ idempotency }) => idempotency],
    [Quotas, ({ quotas }) => quotas],
    [UsageService, ({ usage }) => usage],
    [TraceService, ({ traces }) => traces],
    [Readiness, ({ readiness }) => readiness],
    [ApiKeys, ({ keys }) => keys],
    [SessionShares, ({ shares }) => shares],
    [MemoriesService, ({ memories }) => memories],
    [SessionExport, ({ sessionExport }) => sessionExport],
    [SessionEraser, ({ eraser }) => eraser],
    [TaskEraser, ({ taskEraser }) => taskEraser],
    [SessionTitles, ({ titles }) => titles],
  ] as const satisfies readonly (readonly [Type, (runtime: Runtime) => unknown])[]
).map(([provide, useFactory]): Provider => ({ provide, inject: [Runtime], useFactory }));

provideServices();

/** `settled` provides SETTLED. Nothing is opened and nothing begins before the application is initialized. */
export function continuoProviders(settled: Provider, opened: Opened | undefined): readonly Provider[] {
  return [
    settled,
    { provide: OPENED, useFactory: () => opened },
    { provide: CONFIG, inject: [SETTLED], useFactory: ({ config }: Settled) => config },
    { provide: CLOCK, useValue: new DatabaseClock() },
    {
      provide: LOG,
      inject: [SETTLED],
      useFactory: ({ config, logger }: Settled) => opened?.log ?? logOf(config, logger),
    },
    { provide: Metrics, useFactory: () => new Metrics() },
    {
      provide: MetricsPage,
      inject: [CONFIG, Metrics],
      useFactory: (config: Config, metrics: Metrics) => {
        const link = opened?.ownsServer === true ? supervisorLink(config) : undefined;
        return new MetricsPage(
          metrics,
          link?.askAll(() => metrics.counts()),
        );
      },
    },
    { provide: MetricsListener, useClass: MetricsListener },
    {
      provide: Outgoing,
      inject: [CONFIG, Metrics],
      useFactory: ({ stalledClientMs }: Config, metrics: Metrics) => {
        const outgoing = new Outgoing(stalledClientMs);
        metrics.beforeScrape(() => {
          metrics.record.streams({}, outgoing.streams);
          metrics.record.unsent({}, outgoing.unsent);
        });
        return outgoing;
      },
    },
    {
      provide: Database,
      inject: [CONFIG, LOG, Metrics],
      // Where it is, is said when the application is initialized.
      useFactory: ({ databasePool: poolSize, databaseReadUrl: readUrl }: Config, log: Log, metrics: Metrics) =>
        new Database(undefined, { poolSize, log, readUrl, readOnly: opened?.readOnly ?? false, metrics }),
    },
    {
      provide: SessionsService,
      inject: [CONFIG, Database, CLOCK],
      // Undefined where none are kept: whoever works without them injects them as optional.
      useFactory: ({ sessions }: Config, database: Database, clock: Clock) =>
        sessions ? new SessionsService(database, clock) : undefined,
    },
    {
      provide: Runtime,
      inject: [CONFIG, Database, CLOCK, LOG, Outgoing, Metrics, EMBEDDINGS, SessionsService],
      useFactory: (
        config: Config,
        database: Database,
        clock: Clock,
        log: Log,
        outgoing: Outgoing,
        metrics: Metrics,
        embeddings?: Embeddings,
        sessions?: SessionsService,
      ) => new Runtime({ config, database, embeddings, sessions, outgoing, metrics, clock, log }),
    },
    ...madeByRuntime,
    {
      provide: Door,
      inject: [CONFIG, ApiKeys, CallerLimits, FailedSignIns, CLOCK, LOG],
      useFactory: (
        config: Config,
        keys: ApiKeys,
        limits: CallerLimits,
        failed: FailedSignIns,
        clock: Clock,
        log: Log,
      ) => new Door({ schemes: config.auth, keys, tokens: tokensFrom(config, clock), limits, failed, log }),
    },
    {
      provide: FailedSignIns,
      inject: [Database, CLOCK, LOG],
      useFactory: (database: Database, clock: Clock, log: Log) => new FailedSignIns(database, clock, log),
    },
    { provide: AuditLog, inject: [Database], useFactory: (database: Database) => new AuditLog(database) },
    {
      provide: CallerLimits,
      inject: [CONFIG, CLOCK],
      useFactory: ({ callerLimits }: Config, clock: Clock) => new CallerLimits(callerLimits, clock),
    },
    {
      provide: GrpcListener,
      inject: [CONFIG, LOG],
      useFactory: ({ grpc }: Config, log: Log) => new GrpcListener(grpc, log),
    },
    ...apiProviders,
    ...apiControllers,
    ...inProcessProviders,
    {
      provide: McpTools,
      inject: [CONFIG, LOG, Egress, CLOCK, Database],
      useFactory: ({ mcpServers }: Config, log: Log, egress: Egress, clock: Clock, database: Database) =>
        new McpTools(mcpServers, { log, egress, clock, tokens: new RefreshTokens(database) }),
    },
    { provide: LANGUAGE_MODEL, inject: [CONFIG], useFactory: (config: Config) => modelFromConfig(config) },
    { provide: EMBEDDINGS, inject: [CONFIG], useFactory: (config: Config) => embeddingsFromConfig(config) },
    MemoryKeeper,
  ];
}
