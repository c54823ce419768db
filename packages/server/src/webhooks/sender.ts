/** One attempt to deliver: prepares the request, makes it, and judges what came back. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import type { Egress, EgressAnswer } from '../platform/egress/egress.js';
import { random } from '../platform/random.js';
import type { TasksService } from '../tasks/tasks-service.js';
import type { DueDelivery, Target } from './due-deliveries.js';
import type { Attempt, Outcome } from './record-attempts.js';
import { retryDelay } from './retry-schedule.js';
import { signedRequest, type Outgoing, type SignedRequest, type SignToken } from './signed-request.js';
import { tracedDelivery } from './traced-delivery.js';

const GONE = 410;

export interface SenderOptions {
  readonly webhookTimeoutMs: number;
  readonly webhookRetriesMs: readonly number[];
  /** Signs with the server's own key. */
  readonly sign: SignToken;
}

/** What came of one request. */
export interface Answered {
  readonly at: string;
  readonly status: number | null;
  readonly latencyMs: number;
  /** How the answer begins. */
  readonly response: string | null;
  readonly error: string | null;
}

export class Sender {
  constructor(
    private readonly egress: Egress,
    private readonly tasks: TasksService,
    private readonly options: SenderOptions,
    private readonly clock: Clock,
  ) {}

  /** Sends the delivery once. Throws the signal's reason when it is aborted: then nothing is known of it. */
  async attempt(delivery: DueDelivery, signal: AbortSignal): Promise<Attempt> {
    const outgoing = await this.#outgoing(delivery);
    const post = () => this.#post(delivery.target, outgoing, signal);
    const { retryAfter, ...answered } = await tracedDelivery(delivery, signal, post);
    const outcome = outcomeOf(answered);
    const tries = delivery.tries + 1;
    const now = this.clock.now();
    const delay =
      outcome === 'pending'
        ? retryDelay(this.options.webhookRetriesMs, { tries, retryAfter, now, chance: random() })
        : undefined;
    return {
      ...answered,
      deliveryId: delivery.id,
      number: delivery.attempts + 1,
      outcome: outcome === 'pending' && delay === undefined ? 'dead' : outcome,
      nextAt: delay === undefined ? null : new Date(now.getTime() + delay).toISOString(),
    };
  }

  /** The request that the delivery would be now, signed for now. */
  async request(delivery: DueDelivery): Promise<SignedRequest> {
    return signedRequest(delivery.target, await this.#outgoing(delivery), this.clock.now(), this.options.sign);
  }

  /** Sends something that is no delivery, once. */
  async once(target: Target, outgoing: Outgoing): Promise<Answered> {
    const { retryAfter: _, ...answered } = await this.#post(target, outgoing, new AbortController().signal);
    return answered;
  }

  async #post(
    target: Target,
    outgoing: Outgoing,
    signal: AbortSignal,
  ): Promise<Answered & { readonly retryAfter: string | undefined }> {
    const begun = this.clock.now();
    const latency = (): number => this.clock.now().getTime() - begun.getTime();
    const at = begun.toISOString();
    let answer: EgressAnswer;
    try {
      const request = await signedRequest(target, outgoing, begun, this.options.sign);
      answer = await this.egress.post(target.url, {
        ...request,
        headers: { ...request.headers, ...tracing()?.headers() },
        timeoutMs: this.options.webhookTimeoutMs,
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      return { at, status: null, latencyMs: latency(), response: null, error: reasonOf(error), retryAfter: undefined };
    }
    const { status, start: response, retryAfter } = answer;
    const redirected = status >= 300 && status < 400;
    const error = redirected ? 'It redirects, which is not followed.' : null;
    return { at, status, latencyMs: latency(), response, error, retryAfter };
  }

  async #outgoing(delivery: DueDelivery): Promise<Outgoing> {
    const { id, seq, event, target, taskId } = delivery;
    const task = target.version === '0.3' ? await this.#task(delivery) : undefined;
    return { id, seq, event, taskId, task };
  }

  /** As it is now, as far as a page carries it; undefined when it is gone. */
  async #task({ tenant, owner, taskId }: DueDelivery) {
    return (await this.tasks.beginning({ tenant, owner }, taskId))?.task;
  }
}

function outcomeOf({ status }: Answered): Outcome {
  if (status === GONE) return 'gone';
  return status !== null && status >= 200 && status < 300 ? 'delivered' : 'pending';
}

/** What undici and Node say hides in causes at times. */
function reasonOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : undefined;
  return messageOf(inner ?? error) || 'The connection failed.';
}
