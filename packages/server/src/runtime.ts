/** The composition root: everything below the HTTP edge, made in this order, started in this order, stopped in reverse. */
import { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { AgentRunner } from '@continuo/agent/internal/agents/agent-runner.js';
import type { Embeddings } from '@continuo/agent/internal/agents/models/embeddings.js';
import type { FindFile } from '@continuo/agent/internal/agents/run-files.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { armCrashPoint } from '@continuo/agent/internal/platform/crash-points.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { JournalEntry } from '@continuo/agent/internal/runs/journal-entry.js';
import type { ClaimedTask } from '@continuo/agent/internal/tasks/claimed-task.js';
import type { StoredSayings } from '@continuo/agent/internal/tasks/stored-sayings.js';
import { ChildCalls } from './agents/child-calls.js';
import { CardTrust } from './agents/external/card-trust.js';
import { ConnectedAgents } from './agents/external/connected-agents.js';
import { KnownCards } from './agents/external/known-cards.js';
import { RemoteCards } from './agents/external/remote-cards.js';
import { MemoryKeeper } from './agents/memory/memory-keeper.js';
import { MemoryRounds } from './agents/memory/rounds.js';
import { RunWatch } from './agents/run-watch.js';
import { Scheduler } from './agents/schedules/scheduler.js';
import { ApiKeys } from './auth/api-keys.js';
import { recordAudit } from './auth/audit-log.js';
import { recordingAudit } from './auth/recording-audit.js';
import { SigningKeys } from './auth/signing-keys.js';
import { AgentCalls } from './calls/agent-calls.js';
import { IdempotencyKeys } from './calls/idempotency.js';
import { ContentObjects } from './files/content-objects.js';
import { ContentStores } from './files/content-stores.js';
import { FilesService } from './files/files.service.js';
import { Removals } from './files/removals.js';
import { Engine } from './runs/engine.js';
import type { OwnAgents, OwnVersion } from './runs/instances.js';
import type { Ask } from './runs/look-around.js';
import { Budgets } from './runs/usage/budgets.js';
import { TraceService } from './runs/trace/trace-service.js';
import { UsageService } from './runs/usage/usage-service.js';
import type { Due, WantedRuns } from './runs/sweeper.js';
import { connectedAgents, someDisconnected } from './runs/views.js';
import type { Config } from './platform/config.js';
import type { Database } from './platform/database.js';
import { Egress } from './platform/egress/egress.js';
import { egressPolicy } from './platform/egress/policy.js';
import { hidingAll, secretsOf, type Log } from './platform/log.js';
import type { Metrics } from './platform/metrics/metrics.js';
import type { Outgoing } from './platform/outgoing.js';
import { Prices } from './platform/prices.js';
import { Readiness } from './platform/readiness.js';
import { SchemaWatch } from './platform/schema-watch.js';
import { sealingKey } from './platform/sealing-key.js';
import { journalMetrics } from './runs/journal-metrics.js';
import { journalRecords, readJournal } from './runs/journal-rows.js';
import { MemoryVectors } from './memories/memory-vectors.js';
import { MemoriesService } from './memories/memories.service.js';
import { MEMORY_KEEPER } from './tasks/server-agents.js';
import { SessionTitles } from './agents/titles/session-titles.js';
import { SessionEraser, TaskEraser } from './retention/erase.js';
import { Retention } from './retention/retention.js';
import { SessionShares } from './sessions/session-shares.js';
import type { SessionsService } from './sessions/sessions.service.js';
import { DisconnectedTasks } from './tasks/disconnected.js';
import { EventLog } from './tasks/event-log.js';
import { LogMetrics } from './tasks/log-metrics.js';
import { SessionExport } from './tasks/export-session.js';
import { leaveToOthers, wakeSleepers } from './tasks/find-due.js';
import type { WaitingTask } from './tasks/find-released.js';
import { findStranded, REVIVING_MS, type StrandedTasks } from './tasks/find-tasks.js';
import { Quotas } from './tasks/quotas.js';
import { readSayings } from './tasks/read-sayings.js';
import { Subscriptions } from './tasks/subscriptions.js';
import { TasksService } from './tasks/tasks-service.js';
import { someDue, someHeld } from './tasks/views.js';
import { Dispatcher } from './webhooks/dispatcher.js';
import { PushConfigsService } from './webhooks/push-configs.service.js';
import { Sender } from './webhooks/sender.js';
import type { SignToken } from './webhooks/signed-request.js';
import { someDelivery } from './webhooks/views.js';
import { WebhooksService } from './webhooks/webhooks.service.js';

export interface RuntimeParts {
  readonly config: Config;
  readonly database: Database;
  readonly sessions: SessionsService | undefined;
  /** Undefined where no embedding model is configured. */
  readonly embeddings?: Embeddings | undefined;
  readonly outgoing: Outgoing;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

export class Runtime {
  readonly registry = new AgentRegistry();
  readonly tasks: TasksService;
  readonly calls: AgentCalls;
  readonly readiness: Readiness;
  readonly schema: SchemaWatch;
  readonly idempotency: IdempotencyKeys;
  readonly quotas: Quotas;
  /** What language models cost. */
  readonly usage: UsageService;
  /** What tasks have done. */
  readonly traces: TraceService;
  readonly keys: ApiKeys;
  readonly signingKeys: SigningKeys;
  readonly shares: SessionShares;
  readonly memories: MemoriesService;
  readonly sessionExport: SessionExport;
  readonly eraser: SessionEraser;
  readonly taskEraser: TaskEraser;
  readonly titles: SessionTitles;
  readonly files: FilesService;
  readonly webhooks: WebhooksService;
  readonly pushConfigs: PushConfigsService;
  /** The way to remote agents. */
  readonly agentEgress: Egress;
  /** Whose cards of remote agents count. */
  readonly cardTrust: CardTrust;
  /** Remote agents that come and go while the server runs. */
  readonly connected: ConnectedAgents;
  readonly knownCards: KnownCards;
  readonly #egress: Egress;
  readonly #dispatcher: Dispatcher;
  readonly #subscriptions: Subscriptions;
  readonly #engine: Engine;
  readonly #runner: AgentRunner;
  readonly #watch: RunWatch;
  readonly #scheduler: Scheduler;
  readonly #retention: Retention;
  readonly #memoryRounds: MemoryRounds;
  readonly #memoryVectors: MemoryVectors | undefined;
  readonly #removals: Removals;
  readonly #remoteCards: RemoteCards;
  #broken = false;

  constructor(private readonly parts: RuntimeParts) {
    const { config, database, sessions, outgoing, metrics, clock, log } = parts;
    armCrashPoint(config.crashAt);
    this.idempotency = new IdempotencyKeys(database);
    this.schema = new SchemaWatch(database, clock, log);
    this.usage = new UsageService(database);
    const hide = hidingAll(secretsOf(config));
    this.traces = new TraceService(database, hide);
    this.quotas = new Quotas(database, config.quotas, clock);
    const stores = new ContentStores(database, config.fileStorage, log);
    this.#removals = new Removals({ ...config, database, stores, clock, log, everyMs: config.retentionMs });
    this.files = new FilesService({
      database,
      stores,
      clock,
      roomOf: (caller) => this.quotas.roomForFiles(caller),
      mostBytes: config.fileBytes,
      publicUrl: config.publicUrl,
      onRemoved: () => this.#removals.hasWork(),
    });
    this.#subscriptions = new Subscriptions(database, clock, log);
    const objects = new ContentObjects(database, stores);
    const counts = new LogMetrics(metrics, journalMetrics(metrics));
    const recorded = { ...journalRecords, auditing: recordingAudit };
    const limits = { ...config.treeLimits, active: config.quotas.tasks };
    const eventLog = new EventLog(database, this.#subscriptions, recorded, objects, limits, counts);
    eventLog.onUnblocked((taskIds) => void this.#engine.resume(taskIds));
    eventLog.onReleased((task) => void this.#release(task));
    eventLog.onDeserted((taskId) => void this.calls.cancelBelow(taskId));
    eventLog.onDoubt(() => this.#engine.leftBehind());
    const answers = { answerBytes: config.answerBytes, unsent: () => outgoing.unsent };
    this.tasks = new TasksService(database, eventLog, this.#subscriptions, clock, log, answers);
    const wanted: WantedRuns = {
      take: (taker, ids) => this.tasks.takeWanted(taker, ids),
      takeNext: (taker, from, size) => this.tasks.takeNextWanted(taker, from, size),
      leave: ({ by }, ids) => leaveToOthers(database, clock.now(), by, ids),
      takenForMs: REVIVING_MS,
    };
    const dueWhen = [someDue, someDisconnected, ...(config.heldTimeoutMs === undefined ? [] : [someHeld])].join(' OR ');
    const { heldTimeoutMs } = config;
    const due = (leftBehind: boolean): readonly Due[] => [
      // Alone, so that nothing that fails beside it can keep back who is awake: nobody tells of them again.
      () => wakeSleepers(database, clock.now(), this.#engine.instanceId),
      () => this.tasks.endOverdueWaits(leftBehind),
      ...(heldTimeoutMs === undefined ? [] : [() => this.tasks.failHeld(heldTimeoutMs)]),
      () => this.connected.holdTasks(),
      ...(leftBehind ? [() => this.calls.cancelDeserted()] : []),
    ];
    // What the sweeps ask along, nobody needs to ask by himself.
    const asks: readonly Ask[] = [
      { sql: someDelivery, answered: (any) => any === 'true' && this.#dispatcher.pending() },
      { sql: connectedAgents, answered: (ids) => this.connected.changed(ids) },
    ];
    this.#engine = new Engine(database, { ...config, wanted, due, dueWhen, asks, metrics }, clock, log);
    const begin = (task: ClaimedTask): void => this.#engine.begin(task.id, (run) => this.#runner.run(task, run));
    this.readiness = new Readiness(database, clock, () => this.#engine.isHeard());
    const { registry, tasks, readiness, idempotency, quotas } = this;
    this.calls = new AgentCalls({
      registry,
      eventLog,
      tasks,
      engine: this.#engine,
      sessions,
      readiness,
      idempotency,
      quotas,
      files: this.files,
      clock,
      log,
      begin,
    });
    this.#egress = new Egress(egressPolicy(config));
    this.agentEgress = new Egress({ ...egressPolicy(config), plainToListed: true });
    const { cardSignatures: policy, cardKeys: keys } = config;
    this.cardTrust = new CardTrust({ policy, keys, egress: this.agentEgress, log });
    this.keys = new ApiKeys(database, clock, log);
    this.signingKeys = new SigningKeys(database, config, clock, log);
    const sign: SignToken = (...claims) => this.signingKeys.token(...claims);
    const sender = new Sender(this.#egress, this.tasks, { ...config, sign }, clock);
    this.shares = new SessionShares(database, clock);
    const { embeddings: embedder } = parts;
    this.#memoryVectors = embedder && new MemoryVectors({ database, embedder, clock, log });
    this.memories = new MemoriesService(database, clock, this.#memoryVectors);
    this.sessionExport = new SessionExport(database, this.tasks);
    this.eraser = new SessionEraser(database);
    this.taskEraser = new TaskEraser(database);
    this.titles = new SessionTitles(registry, sessions, this.calls);
    this.webhooks = new WebhooksService(database, this.#egress, sender, clock);
    this.pushConfigs = new PushConfigsService(database, this.#egress, clock);
    const instanceId = (): string => this.#engine.instanceId;
    this.#dispatcher = new Dispatcher(database, sender, { ...config, instanceId, metrics }, clock, log);
    const children = new ChildCalls(this.calls, this.tasks, clock);
    this.#watch = new RunWatch(this.tasks, this.#subscriptions, clock, log);
    this.#remoteCards = new RemoteCards(registry, clock, log);
    const cards = this.#remoteCards;
    this.knownCards = new KnownCards({ database, registry, cards, audit: recordAudit });
    this.connected = new ConnectedAgents({
      database,
      registry,
      cards,
      known: this.knownCards,
      tasks: new DisconnectedTasks(database, eventLog, clock, log),
      sealingKey: () => sealingKey(config),
      audit: recordAudit,
      onChange: () => this.#engine.change(this.#ownAgents()),
      resume: (ids) => this.#engine.resume(ids),
      clock,
      log,
    });
    const journalOf = (taskId: string, origin: number): Promise<readonly JournalEntry[]> =>
      readJournal(database, taskId, origin);
    const sayingsOf = (taskId: string, origin: number): Promise<StoredSayings> => readSayings(database, taskId, origin);
    const findFile: FindFile = (owner, url) => this.files.named(owner, url);
    const { memories } = this;
    const prices = Prices.from(config.prices);
    const budgets = new Budgets(database, config.budgets, clock, metrics);
    const options = { ...config, instanceId, journalOf, sayingsOf, findFile, memories, prices, budgets, hide };
    this.#scheduler = new Scheduler(registry, this.calls, database, clock, log);
    this.#memoryRounds = new MemoryRounds(memories, this.calls, clock, log);
    this.#retention = new Retention(database, config, clock, log);
    this.#runner = new AgentRunner(
      this.registry,
      eventLog,
      tasks,
      children,
      sessions,
      this.#watch,
      options,
      clock,
      log,
    );
  }

  async start(): Promise<void> {
    this.#subscriptions.start();
    await this.signingKeys.start();
    await this.connected.open();
    const limited = this.registry
      .list()
      .flatMap(({ key: agent, description: { limits } }) => (limits === undefined ? [] : [{ agent, limits }]));
    await this.#engine.start((run) => this.#runner.takeOver(run), limited, this.#ownAgents());
    this.schema.start();
    this.#watch.start();
    this.#scheduler.start();
    this.#retention.start();
    if (this.#drawsMemories()) this.#memoryRounds.start();
    this.#memoryVectors?.start();
    this.#removals.start();
    this.#remoteCards.start();
    this.connected.start();
    this.#dispatcher.start();
    // Nobody waits for it: it changes nothing.
    void this.#tellStranded();
    const agents = this.registry.list().map((agent) => agent.key);
    this.parts.log.info({ agents, instance: this.#engine.instanceId }, 'ready to run agents');
  }

  /** The server is about to stop because something in it broke, perhaps by what runs here: such runs have failed. */
  breaks(): void {
    this.#broken = true;
  }

  /**
   * Refuses new work, gives the runs under way their time, hands the rest over to the other instances, and ends all
   * streams: their clients resume elsewhere.
   */
  async stop(): Promise<void> {
    this.readiness.drain();
    this.#remoteCards.stop();
    const housekeeping = [
      this.schema,
      this.#retention,
      this.#memoryVectors,
      this.#removals,
      this.signingKeys,
      this.connected,
    ];
    // What they are at may take a minute: runs are handed over meanwhile.
    const tidied = Promise.all(housekeeping.flatMap((loop) => loop?.stop() ?? []));
    // These begin tasks.
    await Promise.all([this.#scheduler.stop(), this.#memoryRounds.stop()]);
    const { drainMs } = this.parts.config;
    await Promise.all([this.#engine.stop(drainMs, !this.#broken), this.#dispatcher.stop(drainMs), tidied]);
    await Promise.all([this.#egress.close(), this.agentEgress.close()]);
    await this.#watch.stop();
    await this.#subscriptions.stop();
  }

  /** Without a model nothing is drawn; what is to be gone through waits until there is one. */
  #drawsMemories(): boolean {
    if (!this.registry.has(MEMORY_KEEPER)) return false;
    const { agent } = this.registry.get(MEMORY_KEEPER);
    return agent instanceof MemoryKeeper && agent.canDraw;
  }

  /** Tasks of an agent that is not there stay as they are, and go on by themselves as soon as an instance comes that has it. */
  async #tellStranded(): Promise<void> {
    const { database, log } = this.parts;
    try {
      const own = Object.entries(this.#ownAgents()).flatMap(([agent, versions]) =>
        versions.map((each) => ({ agent, ...each })),
      );
      const { stranded, unpinned, elsewhere } = toldOf(await findStranded(database, own));
      if (stranded.agents.length > 0) {
        log.warn(stranded, 'no instance has the agents of these tasks, which wait for one that has');
      }
      if (unpinned.agents.length > 0) {
        log.warn(unpinned, 'no instance has the pinned versions of these tasks, which go on with another one');
      }
      if (elsewhere.agents.length > 0) log.info(elsewhere, 'other instances have the agents of these tasks');
    } catch (error) {
      log.warn({ err: messageOf(error) }, 'whether there are tasks of agents that are not here is not known');
    }
  }

  async #release(task: WaitingTask): Promise<void> {
    try {
      if (await this.tasks.release(task)) await this.#engine.resume([task.id]);
    } catch (error) {
      this.#engine.leftBehind();
      this.parts.log.debug({ err: messageOf(error), taskId: task.id }, 'a task was not told of its child; it will be');
    }
  }

  #ownAgents(): OwnAgents {
    const versionsOf = (key: string): readonly OwnVersion[] =>
      this.registry
        .versions(key)
        .map(({ version, description }) => ({ version, pinned: description.deploys === 'pinned' }));
    return Object.fromEntries(this.registry.list().map(({ key }) => [key, versionsOf(key)]));
  }
}

/** How many tasks wait for each agent, and in which versions. */
function toldOf(found: readonly StrandedTasks[]) {
  const told = (some: readonly StrandedTasks[]) => {
    const tasksOf = (agent: string): number =>
      some.reduce((sum, group) => sum + (group.agent === agent ? group.tasks : 0), 0);
    const agents = [...new Set(some.map(({ agent }) => agent))].map((agent) => ({ agent, tasks: tasksOf(agent) }));
    return { agents, versions: some.map(({ agent, version, tasks }) => ({ agent, version, tasks })) };
  };
  return {
    stranded: told(found.filter((group) => !group.elsewhere && !group.here)),
    unpinned: told(found.filter((group) => !group.elsewhere && group.here)),
    elsewhere: told(found.filter((group) => group.elsewhere)),
  };
}
