/** How callers prove who they are, as cards of A2A 1.0 (section 4.5) and of 0.3 say it, and OpenAPI: one table for all. */
import type { AuthScheme } from '../platform/config-variables.js';
import { API_KEY_HEADER } from './door.js';
import { discoveryUrl } from './tokens.js';
import type { OAuthFlows } from '../platform/oauth-flows.js';

/** How callers prove who they are, as the configuration has it. */
export interface CardAuth {
  readonly schemes: readonly AuthScheme[];
  /** Of tokens. */
  readonly issuer: string | undefined;
  /** How clients get tokens, where the operator says it. */
  readonly oauthFlows: OAuthFlows;
  /** Whether a proxy asks for a certificate, beside what else is asked for. */
  readonly mtls: boolean;
}

interface Scheme {
  readonly name: string;
  readonly scheme: object;
  /** The same in A2A 0.3, which has it as OpenAPI has. */
  readonly old: object;
}

const MTLS: Scheme = {
  name: 'mtls',
  scheme: { mtlsSecurityScheme: { description: 'A client certificate, which the proxy in front asks for.' } },
  old: { type: 'mutualTLS' },
};

const known: Readonly<Record<AuthScheme, (auth: CardAuth) => readonly Scheme[]>> = {
  keys: () => [
    {
      name: 'keys',
      scheme: { httpAuthSecurityScheme: { scheme: 'Bearer', description: 'An API key of this server: ck_…' } },
      old: { type: 'http', scheme: 'Bearer' },
    },
    {
      name: 'apiKey',
      scheme: {
        apiKeySecurityScheme: { location: 'header', name: API_KEY_HEADER, description: 'The same key as a header.' },
      },
      old: { type: 'apiKey', in: 'header', name: API_KEY_HEADER },
    },
  ],
  jwt: ({ issuer, oauthFlows }) => {
    const openIdConnectUrl = issuer === undefined ? '' : discoveryUrl(issuer);
    const description = 'A token of this issuer, sent as Authorization: Bearer.';
    const flows = Object.entries(oauthFlows).map(([flow, about]) => ({
      name: `oauth2${flow.charAt(0).toUpperCase()}${flow.slice(1)}`,
      scheme: { oauth2SecurityScheme: { flows: { [flow]: about }, description: 'How to get such a token.' } },
      // 0.3 knows no device flow.
      old: { type: 'oauth2', flows: flow === 'deviceCode' ? {} : { [flow]: about } },
    }));
    return [
      {
        name: 'jwt',
        scheme: { openIdConnectSecurityScheme: { openIdConnectUrl, description } },
        old: { type: 'openIdConnect', openIdConnectUrl },
      },
      ...flows,
    ];
  },
};

/** Any one of these is enough, with a certificate where the proxy asks for one. */
function alternatives(auth: CardAuth): readonly (readonly Scheme[])[] {
  const schemes = auth.schemes.flatMap((scheme) => known[scheme](auth)).map((scheme) => [scheme]);
  if (!auth.mtls) return schemes;
  return schemes.length === 0 ? [[MTLS]] : schemes.map((scheme) => [...scheme, MTLS]);
}

function byName<Value>(of: readonly Scheme[], value: (scheme: Scheme) => Value): Readonly<Record<string, Value>> {
  return Object.fromEntries(of.map((scheme) => [scheme.name, value(scheme)]));
}

/** The fields of a card of A2A 1.0. */
export function security(auth: CardAuth) {
  const ways = alternatives(auth);
  return {
    securitySchemes: byName(ways.flat(), ({ scheme }) => scheme),
    securityRequirements: ways.map((way) => ({ schemes: byName(way, () => ({ list: [] })) })),
  };
}

/** The fields of a card that clients of both versions read: each passes over what is the other's. */
export function securityOfBoth(auth: CardAuth) {
  const ways = alternatives(auth);
  if (ways.length === 0) return {};
  return {
    securitySchemes: byName(ways.flat(), ({ scheme, old }) => ({ ...scheme, ...old })),
    security: ways.map((way) => byName(way, () => [])),
  };
}

/** What an OpenAPI document says: the schemes, and which of them are enough. Nothing is asked for where both are empty. */
export function securityOfDocument(auth: CardAuth) {
  const ways = alternatives(auth).filter((way) => way.every(isInOpenApi));
  return {
    securitySchemes: byName(ways.flat(), ({ old }) => old),
    security: ways.map((way) => byName(way, () => [])),
  };
}

/** OpenAPI 3.1 has no word for OAuth's device flow. */
function isInOpenApi({ old }: Scheme): boolean {
  return !('flows' in old) || Object.keys(old.flows as object).length > 0;
}
