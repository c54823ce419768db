/** The collector that a configuration sends traces to, asked whether it takes them. */
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { Config } from '../platform/config.js';
import { secretsOf } from '../platform/log.js';
import { hiding } from '../platform/secrets.js';
import { checkedForExport, type ExportSettings } from '../platform/telemetry/telemetry-settings.js';
import type { Probe } from './outside.js';

const ANSWER_MS = 5_000;

/** Sends it an export without a span, by the protocol and with the headers of the configuration. Undefined without one. */
export async function probeCollector(config: Config): Promise<Probe | undefined> {
  const { telemetry } = config;
  if (telemetry?.url === undefined) return undefined;
  const hide = hiding(secretsOf(config));
  const name = hide(telemetry.url);
  let to: ExportSettings;
  try {
    to = checkedForExport(telemetry);
  } catch (error) {
    return { name, problem: hide(messageOf(error)), remedy: 'Until then the server does not start.' };
  }
  try {
    const { url, protocol } = to;
    const isJson = protocol === 'http/json';
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...telemetry.headers, 'content-type': isJson ? 'application/json' : 'application/x-protobuf' },
      // A message without fields has no bytes.
      body: isJson ? '{"resourceSpans":[]}' : new Uint8Array(),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await response.body?.cancel();
    return response.ok ? { name, found: 'takes traces' } : { name, problem: `it answers with ${response.status}` };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { name, problem: hide(messageOf(cause)) };
  }
}
