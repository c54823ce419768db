/** The options of a ContinuoModule that are made when the application is. */
import type { FactoryProvider, Provider } from '@nestjs/common';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { requireAsyncOptions, requireMadeOptions } from './checked-options.js';
import type { ContinuoAsyncOptions, ContinuoFactoryOptions, ContinuoOptionsFactory } from './continuo-options.js';
import { requireKnownDependencies } from './known-dependencies.js';
import { settle, SETTLED, type Settled } from './settled.js';

const FACTORY = 'the factory of ContinuoModule.forRootAsync';

/** SETTLED, and before it what makes the options. Throws CONFIG_INVALID. */
export function settledLater(options: ContinuoAsyncOptions): readonly [Provider, ...Provider[]] {
  requireAsyncOptions(options);
  const { inject = [], useFactory, useClass, useExisting } = options;
  const settledBy = (maker: Pick<FactoryProvider<ContinuoFactoryOptions>, 'inject' | 'useFactory'>): Provider => ({
    provide: SETTLED,
    inject: maker.inject ?? [],
    useFactory: async (...injected: unknown[]): Promise<Settled> =>
      settleLater(await maker.useFactory(...injected), options),
  });
  if (useFactory !== undefined) return [settledBy({ inject: [...inject], useFactory })];
  const factory = useExisting ?? useClass;
  if (factory === undefined) {
    throw new ContinuoError(
      'CONFIG_INVALID',
      'ContinuoModule.forRootAsync needs one of useFactory, useClass and useExisting.',
    );
  }
  const make = (made: ContinuoOptionsFactory): ContinuoFactoryOptions | Promise<ContinuoFactoryOptions> =>
    made.createContinuoOptions();
  const maker = useExisting === undefined && useClass !== undefined ? [useClass] : [];
  return [settledBy({ inject: [factory], useFactory: make }), ...maker];
}

/** As `settle`, of what the factory has answered: only then is it known. `named`: the agents that were named before. */
function settleLater(answer: ContinuoFactoryOptions, { agents: named = [] }: ContinuoAsyncOptions): Settled {
  requireMadeOptions(answer, FACTORY);
  for (const early of ['providers', 'imports', 'agentsDir']) {
    if (!(early in answer)) continue;
    const remedy =
      early === 'agentsDir' ? 'use forRoot for declared agents' : `pass ${early} to forRootAsync beside the factory`;
    throw new ContinuoError(
      'CONFIG_INVALID',
      `The options that the factory of ContinuoModule.forRootAsync has made have ${early}, which Nest has to know before it calls the factory: ${remedy}.`,
    );
  }
  const settled = settle({ ...answer, agents: [...named, ...(answer.agents ?? [])] }, FACTORY);
  const late = settled.agents.filter((agent) => !named.includes(agent));
  requireKnownDependencies(late);
  return { ...settled, late };
}
