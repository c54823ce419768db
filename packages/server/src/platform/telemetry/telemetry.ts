/** Traces of this process: by the SDK that the host has set up, or by our own where OTEL_EXPORTER_OTLP_ENDPOINT says so. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { traceWith } from '@continuo/agent/internal/platform/tracing.js';
import { hidingAll, secretsOf, type Log } from '../log.js';
import type { Config } from '../config.js';
import { checkedForExport } from './telemetry-settings.js';

/** What the last spans may take on their way. */
const LAST_SPANS_MS = 3_000;
/** Where OpenTelemetry's API, in whichever version, notes what was set up. */
const API = Symbol.for('opentelemetry.js.api.1');

export interface Telemetry {
  /** Sends what is there, within seconds, and makes no more. */
  stop(): Promise<void>;
}

/**
 * Undefined where there are no traces: then nothing of OpenTelemetry is loaded. Throws CONFIG_INVALID for settings by which
 * nothing can be exported, and PACKAGE_MISSING.
 */
export async function startTelemetry(
  config: Config,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): Promise<Telemetry | undefined> {
  const { telemetry: settings } = config;
  if (settings === undefined) return undefined;
  const isHosts = hasHostsProvider();
  if (!isHosts && settings.url === undefined) return undefined;
  const sdk = isHosts ? undefined : await ownSdk(settings, log);
  const [{ trace }, { OtelTracing }] = await Promise.all([import('@opentelemetry/api'), import('./otel-tracing.js')]);
  const { withContents, keepFailed } = settings;
  traceWith(
    new OtelTracing({
      tracer: trace.getTracer('@continuo/server'),
      forced: sdk?.forced,
      keepFailed,
      withContents,
      hide: hidingAll(secretsOf(config)),
    }),
  );
  if (isHosts) log.info("traces go where the application's own OpenTelemetry sends them");
  return {
    stop: async () => {
      traceWith(undefined);
      if (sdk === undefined) return;
      const over = new AbortController();
      const late = clock.sleep(LAST_SPANS_MS, over.signal).catch(() => undefined);
      const sent = sdk.shutdown().catch((error: unknown) => {
        log.debug({ err: messageOf(error) }, 'the last traces were not sent');
      });
      await Promise.race([sent, late]);
      over.abort();
    },
  };
}

async function ownSdk(settings: NonNullable<Config['telemetry']>, log: Log) {
  const to = checkedForExport(settings);
  const { startSdk } = await import('./sdk.js');
  return startSdk(settings, to, log);
}

/** Looked for without loading the API: who has set a provider has loaded it. */
function hasHostsProvider(): boolean {
  const known = Reflect.get(globalThis, API) as { readonly trace?: unknown } | undefined;
  return known?.trace !== undefined;
}
