/** OpenTelemetry's context in the storage that belongs to the code under way anyway: a second one would cost every promise again. */
import { ROOT_CONTEXT, type Context, type ContextManager } from '@opentelemetry/api';
import { AsyncSlot } from '@continuo/agent/internal/platform/async-slot.js';

const slot = new AsyncSlot<Context>('trace');

export class SlotContextManager implements ContextManager {
  active(): Context {
    return slot.get() ?? ROOT_CONTEXT;
  }

  with<Args extends unknown[], Work extends (...args: Args) => ReturnType<Work>>(
    context: Context,
    work: Work,
    self?: ThisParameterType<Work>,
    ...args: Args
  ): ReturnType<Work> {
    return slot.run(context, () => work.call(self, ...args));
  }

  bind<Target>(context: Context, target: Target): Target {
    if (typeof target !== 'function') return target;
    const bound = (...args: unknown[]): unknown => slot.run(context, () => target(...args) as unknown);
    return bound as Target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}
