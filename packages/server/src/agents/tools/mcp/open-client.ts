/** Opens a session with an MCP server. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import type { ConnectionEvents } from './session-keeper.js';

/** A program may have to be fetched before it runs. */
const OPEN_MS = 30_000;

/** Throws when there is no session after half a minute. */
export async function openClient(
  transportOf: (doubted: () => void) => Transport,
  { closed, doubted, changed, stop }: ConnectionEvents,
  clock: Pick<Clock, 'sleep'>,
): Promise<Client> {
  const client = new Client({ name: 'continuo', version: '1' });
  Object.assign(client, { onclose: closed });
  client.setNotificationHandler(ToolListChangedNotificationSchema, changed);
  const over = new AbortController();
  let isOver = false;
  const late = async (): Promise<void> => {
    await clock.sleep(OPEN_MS, over.signal);
    isOver = true;
    await client.close();
  };
  // Not every request of the SDK has a deadline here.
  late().catch(() => undefined);
  const close = (): void => void client.close().catch(() => undefined);
  stop.addEventListener('abort', close);
  try {
    stop.throwIfAborted();
    await client.connect(transportOf(doubted), { timeout: OPEN_MS });
    return client;
  } catch (error) {
    await client.close();
    throw isOver ? new Error(`It did not answer within ${OPEN_MS} ms.`, { cause: error }) : error;
  } finally {
    over.abort();
    stop.removeEventListener('abort', close);
  }
}
