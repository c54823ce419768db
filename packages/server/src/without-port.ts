/** A server without a port, for as long as some work takes: for commands that look at agents and tasks. */
import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ContinuoModule } from './continuo.module.js';
import type { ContinuoOptions } from './nest/continuo-options.js';
import { requireOptions } from './nest/checked-options.js';
import { openPostgres } from './nest/opened.js';
import { loadConfig, type Config } from './platform/config.js';
import { createLog, secretsOf, type Log } from './platform/log.js';
import { guardProcess } from './process-guard.js';

export interface WithoutPort {
  /** What was called with the options, as `evaluate`: for what is refused of them. */
  readonly where: string;
  /** Default: DATABASE_URL, or the PostgreSQL of CONTINUO_DATA_DIR. */
  readonly databaseUrl: string | undefined;
  /** Nothing is begun, and nothing written. Default false: it is an instance of the database like any other. */
  readonly readOnly?: boolean;
  /** Refuses, by throwing, before there is a database. */
  readonly refuse?: (config: Config) => void;
}

/** Throws what the work and `refuse` throw; ConfigError, EmbeddedPostgresError and ContinuoError when it doesn't start. */
export async function withoutPort<Result>(
  options: ContinuoOptions,
  { where, databaseUrl, readOnly = false, refuse }: WithoutPort,
  work: (app: INestApplicationContext, parts: { readonly config: Config; readonly log: Log }) => Promise<Result>,
): Promise<Result> {
  requireOptions(options, where);
  const loaded = loadConfig(options.env, options.config);
  const config = databaseUrl === undefined ? loaded : { ...loaded, databaseUrl };
  const log = createLog('error', { secrets: secretsOf(config), toStderr: true });
  refuse?.(config);
  const postgres = await openPostgres(config, log);
  const unguard = guardProcess(log, () => postgres.stop(), 2);
  try {
    const { signal } = new AbortController();
    const module = ContinuoModule.forRoot(options, { log, postgres, signal, readOnly });
    const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
    try {
      return await work(app, { config, log });
    } finally {
      await app.close();
    }
  } finally {
    unguard();
    await postgres.stop();
  }
}
