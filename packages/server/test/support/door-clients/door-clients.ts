/** The clients of other protocols that are tried, in the order of their table. */
import { agUi } from './ag-ui.js';
import { continuoTransport, defaultTransport } from './ai-sdk.js';
import type { DoorClient, Instances } from './door-client.js';
import { mcp } from './mcp.js';
import { openAiChat, openAiResponses } from './openai.js';

export function doorClients(instances: Instances): Promise<readonly DoorClient[]> {
  return Promise.all(
    [openAiChat, openAiResponses, agUi, defaultTransport, continuoTransport, mcp].map((client) => client(instances)),
  );
}
