/** Signing in at an issuer: OpenID Connect's authorization code flow with PKCE, as a public client. */
import * as oauth from 'oauth4webapi';
import { pageAddress } from './place.js';
import { noteProblem, returnAddress } from './sign-in-return.js';
import { storeTokens, type Client, type Tokens } from './tokens.js';
import { texts } from '../texts.js';

const PENDING = 'continuo-sign-in';
const PATIENCE_MS = 15_000;

/** What is needed when the issuer sends the browser back. */
interface Pending {
  readonly client: Client;
  readonly state: string;
  readonly verifier: string;
  /** Where the tab was. */
  readonly back: string;
}

/** Leaves the page; or answers with why it can't. */
export async function beginSignIn(client: Client): Promise<string | undefined> {
  try {
    location.assign(await addressFor(client));
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

async function addressFor(client: Client): Promise<URL> {
  const server = await discover(client);
  if (server.authorization_endpoint === undefined) throw new Error(texts.signIn.noEndpoint);
  const back = `${location.pathname}${location.search}${location.hash}`;
  const pending: Pending = {
    client,
    state: oauth.generateRandomState(),
    verifier: oauth.generateRandomCodeVerifier(),
    back,
  };
  const address = new URL(server.authorization_endpoint);
  const asked = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: returnAddress(),
    scope: client.scope,
    // Not in the standard, but what some issuers go by; others pass over it.
    audience: client.audience,
    state: pending.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  return address;
}

/** Back from the issuer: gets the tokens for the code in the address, and goes to where the tab was. */
export async function finishSignIn(): Promise<void> {
  const kept = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  const pending = kept === null ? undefined : (JSON.parse(kept) as Pending);
  try {
    if (pending === undefined) throw new Error(texts.signIn.notBegun);
    storeTokens(await tokensFor(pending, new URL(location.href)));
    noteProblem(undefined);
  } catch (error) {
    noteProblem(reasonOf(error));
  }
  location.replace(pending?.back ?? pageAddress(''));
}

async function tokensFor({ client, state, verifier }: Pending, address: URL): Promise<Tokens> {
  const server = await discover(client);
  const ours = toClient(client);
  const parameters = oauth.validateAuthResponse(server, ours, address, state);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    ours,
    oauth.None(),
    parameters,
    returnAddress(),
    verifier,
    optionsFor(client),
  );
  return toTokens(client, await oauth.processAuthorizationCodeResponse(server, ours, answer));
}

/** New tokens for old ones; the old ones when the issuer can't be reached, and without hope for more when it refuses. */
export async function renew(tokens: Tokens): Promise<Tokens> {
  const { client, refreshToken = '' } = tokens;
  try {
    const server = await discover(client);
    const ours = toClient(client);
    const options = optionsFor(client);
    const answer = await oauth.refreshTokenGrantRequest(server, ours, oauth.None(), refreshToken, options);
    const renewed = toTokens(client, await oauth.processRefreshTokenResponse(server, ours, answer));
    const kept = { ...renewed, refreshToken: renewed.refreshToken ?? refreshToken };
    storeTokens(kept);
    return kept;
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) storeTokens({ ...tokens, refreshToken: undefined });
    return tokens;
  }
}

async function discover(client: Client): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(client.issuer);
  const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...optionsFor(client) });
  return oauth.processDiscoveryResponse(issuer, answer);
}

function toClient({ clientId }: Client): oauth.Client {
  return { client_id: clientId };
}

/** The server takes an issuer by plain HTTP on its own machine alone. */
function optionsFor({ issuer }: Client) {
  return {
    signal: AbortSignal.timeout(PATIENCE_MS),
    [oauth.allowInsecureRequests]: issuer.startsWith('http:'),
  };
}

function toTokens(client: Client, answer: oauth.TokenEndpointResponse): Tokens {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = answer;
  return {
    client,
    accessToken,
    refreshToken,
    expiresAt: seconds === undefined ? undefined : Date.now() + seconds * 1_000,
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    return error.error_description ?? error.error;
  }
  // What `fetch` throws.
  if (error instanceof TypeError) return texts.signIn.unreachable;
  return error instanceof Error ? error.message : String(error);
}
