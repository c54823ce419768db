/** Tokens for an MCP server (its authorization specification), which the server gets by itself: by client credentials, or with a refresh token that it was given. */
import {
  auth,
  extractWWWAuthenticateParams,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { OAuthError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { McpOAuth } from '@continuo/agent/internal/platform/mcp-server.js';
import { KeptToken, type TokenStore } from './kept-tokens.js';

const UNAUTHORIZED = 401;

/** Of one MCP server. Access tokens are kept in memory, and refresh tokens that come in place of the configured one in `store`. */
export class OAuthClient {
  readonly #provider: ConfiguredClient;
  /** Undefined where no refresh token is configured. */
  readonly #kept: KeptToken | undefined;
  #renewal: Promise<void> | undefined;

  constructor(
    private readonly serverUrl: string,
    oauth: McpOAuth,
    store: TokenStore,
    clock: Pick<Clock, 'sleep'>,
  ) {
    this.#provider = new ConfiguredClient(oauth);
    if (oauth.refreshToken !== undefined) this.#kept = new KeptToken(oauth, store, clock);
  }

  get secrets(): readonly string[] {
    const { refreshToken } = this.#provider;
    return [this.#provider.tokens()?.access_token, refreshToken].filter((secret) => secret !== undefined);
  }

  /** `call` with a token, and once more with another one when the server takes that no longer. */
  authorized(call: typeof fetch): typeof fetch {
    const withToken = async (token: string | undefined, ...[input, init]: Parameters<typeof fetch>) => {
      const headers = new Headers(init?.headers);
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
      return call(input, { ...init, headers });
    };
    return async (input, init) => {
      const token = this.#provider.tokens()?.access_token;
      const response = await withToken(token, input, init);
      if (response.status !== UNAUTHORIZED) return response;
      await response.body?.cancel();
      // Of many calls that are refused at once, the first gets the token for all.
      if (this.#provider.tokens()?.access_token === token) {
        this.#renewal ??= this.#renew(response, call).finally(() => {
          this.#renewal = undefined;
        });
        await this.#renewal;
      }
      return withToken(this.#provider.tokens()?.access_token, input, init);
    };
  }

  async #renew(response: Response, call: typeof fetch): Promise<void> {
    if (this.#kept === undefined) return this.#getToken(response, call);
    await this.#kept.used(async (newest) => {
      if (newest !== undefined) this.#provider.refreshToken = newest;
      await this.#getToken(response, call);
      return this.#provider.refreshToken;
    });
  }

  async #getToken(response: Response, call: typeof fetch): Promise<void> {
    const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(response);
    try {
      await auth(this.#provider, {
        serverUrl: this.serverUrl,
        ...(resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl }),
        ...(scope === undefined ? {} : { scope }),
        fetchFn: call,
      });
    } catch (error) {
      // What an authorization server says beside the code may repeat what it was sent.
      const reason = error instanceof OAuthError ? error.errorCode : messageOf(error);
      throw new Error(`No token could be had: ${reason}`, { cause: error });
    }
  }
}

/** What the SDK asks of a client that nobody sits at. */
class ConfiguredClient implements OAuthClientProvider {
  readonly redirectUrl = undefined;
  readonly clientMetadata: OAuthClientMetadata;
  #tokens: OAuthTokens | undefined;
  refreshToken: string | undefined;

  constructor(private readonly oauth: McpOAuth) {
    const { scope, refreshToken } = oauth;
    this.clientMetadata = { redirect_uris: [], ...(scope === undefined ? {} : { scope }) };
    this.refreshToken = refreshToken;
  }

  clientInformation(): OAuthClientInformationMixed {
    const { clientId, clientSecret, issuer } = this.oauth;
    return {
      client_id: clientId,
      ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
      ...(issuer === undefined ? {} : { issuer }),
    };
  }

  tokens(): OAuthTokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.#tokens = tokens;
    // Authorization servers may give another one out with each use.
    if (this.refreshToken !== undefined) this.refreshToken = tokens.refresh_token ?? this.refreshToken;
  }

  prepareTokenRequest(scope?: string): URLSearchParams {
    const request = new URLSearchParams({ grant_type: 'client_credentials' });
    if (this.refreshToken !== undefined) {
      request.set('grant_type', 'refresh_token');
      request.set('refresh_token', this.refreshToken);
    }
    if (scope !== undefined) request.set('scope', scope);
    return request;
  }

  /** Nothing is to be found out where the configuration says it. */
  discoveryState(): OAuthDiscoveryState | undefined {
    const { tokenUrl, issuer } = this.oauth;
    if (tokenUrl === undefined) return undefined;
    const authorizationServerUrl = issuer ?? new URL(tokenUrl).origin;
    return {
      authorizationServerUrl,
      authorizationServerMetadata: {
        issuer: authorizationServerUrl,
        token_endpoint: tokenUrl,
        authorization_endpoint: tokenUrl,
        response_types_supported: [],
      },
    };
  }

  redirectToAuthorization(): never {
    throw new Error('The authorization server wants a person to sign in, and there is none.');
  }

  saveCodeVerifier(): void {
    // Of a person's sign-in.
  }

  codeVerifier(): never {
    return this.redirectToAuthorization();
  }
}
