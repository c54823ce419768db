/** Where clients get tokens for this server: OAuth's metadata of a protected resource (RFC 9728), as MCP asks for it. */
import type { Request, RequestHandler } from 'express';
import type { Config } from '../../platform/config.js';
import { addressOf } from '../../platform/host-header.js';

export const METADATA_PATH = '/.well-known/oauth-protected-resource';
const RESOURCE = '/mcp';

type ResourceConfig = Pick<Config, 'auth' | 'jwtIssuer' | 'oauthFlows' | 'publicUrl'>;

export function metadataUrl(request: Request, { publicUrl }: Pick<Config, 'publicUrl'>): string {
  return `${publicUrl ?? addressOf(request)}${METADATA_PATH}${RESOURCE}`;
}

/** Passes on where no tokens are taken. */
export function protectedResource({ auth, jwtIssuer, oauthFlows, publicUrl }: ResourceConfig): RequestHandler {
  const scopes = [...new Set(Object.values(oauthFlows).flatMap((flow) => Object.keys(flow.scopes)))];
  return (request, response, next) => {
    if (!auth.includes('jwt')) return next();
    response.json({
      resource: `${publicUrl ?? addressOf(request)}${RESOURCE}`,
      resource_name: 'Continuo',
      authorization_servers: [jwtIssuer],
      bearer_methods_supported: ['header'],
      ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
    });
  };
}
