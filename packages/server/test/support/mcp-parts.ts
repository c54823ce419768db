/** What the connections to MCP servers are made of, where a test says nothing else. */
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import type { ConnectionParts } from '../../src/agents/tools/mcp/connection.js';
import { Egress } from '../../src/platform/egress/egress.js';

/** Warns nobody, calls public addresses over TLS alone beside those that are configured, and keeps no token. */
export function mcpParts(parts: Partial<ConnectionParts> = {}): ConnectionParts {
  return {
    log: { warn: () => undefined },
    egress: new Egress({ allow: [], local: false }),
    clock: systemClock,
    tokens: { lease: () => Promise.resolve({ token: undefined }), giveBack: () => Promise.resolve() },
    ...parts,
  };
}
