/** The HTTP API beyond A2A, for the module that serves it. */
import type { Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AgentTasksController } from './agent-tasks.controller.js';
import { AuditController } from './audit.controller.js';
import { CallerController } from './caller.controller.js';
import { ContinuoErrorFilter, ErrorFilter } from './error-filter.js';
import { ExternalAgentsController } from './external-agents.controller.js';
import { FilesController } from './files.controller.js';
import { HealthController } from './health.controller.js';
import { KeysController } from './keys.controller.js';
import { MemoriesController } from './memories.controller.js';
import { MetricsController } from './metrics.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { PageTextController } from './page-text.controller.js';
import { SessionSharesController } from './session-shares.controller.js';
import { SharedAccess } from './shared-access.js';
import { SessionsController } from './sessions.controller.js';
import { StatisticsController } from './statistics.controller.js';
import { TaskTracesController } from './task-traces.controller.js';
import { TasksController } from './tasks.controller.js';
import { UsageController } from './usage.controller.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhooksController } from './webhooks.controller.js';

export const apiControllers = [
  SessionsController,
  SessionSharesController,
  MemoriesController,
  TasksController,
  TaskTracesController,
  StatisticsController,
  UsageController,
  AgentTasksController,
  FilesController,
  WebhookDeliveriesController,
  WebhooksController,
  ExternalAgentsController,
  PageTextController,
  KeysController,
  CallerController,
  AuditController,
  MetricsController,
  HealthController,
  OpenApiController,
] as const;

/** What is below these is for callers whom the door has let in; what is not listed stays shut, for want of a caller. */
export const guardedPaths = [
  '/sessions',
  '/memories',
  '/tasks',
  '/files',
  '/statistics',
  '/usage',
  '/keys',
  '/external-agents',
  '/page-text',
  '/webhooks',
  '/caller',
  '/metrics',
  '/audit',
] as const;

/** What is below these is for everybody, and tells of this server; `/healthz` and `/readyz` say no more than that there is one. */
export const openPaths = ['/sign-in-options', '/openapi.json'] as const;

/** What orchestrators ask, under whatever name. */
export const healthPaths = ['/healthz', '/readyz'] as const;

/** Made by Nest; like the controllers they inject CLOCK, LOG, CONFIG, SessionEraser, TaskEraser, SessionTitles, SessionExport, SessionShares, MemoriesService, AgentRegistry, AgentCalls, TasksService, TraceService, UsageService, FilesService, Quotas, WebhooksService, ConnectedAgents, KnownCards, Egress, CardTrust, ApiKeys, AuditLog, MetricsPage, Readiness and, if there is one, SessionsService. */
export const apiProviders: readonly Provider[] = [
  ErrorFilter,
  SharedAccess,
  { provide: APP_FILTER, useClass: ContinuoErrorFilter },
];
