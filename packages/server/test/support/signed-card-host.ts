/** A host whose only page is a card, signed as the test says, beside the keys that it publishes; no agent answers there. */
import { createServer } from 'node:http';
import { generateAgentCardSignature, type AgentCard } from '@a2a-js/sdk';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { onLoopback } from './on-loopback.js';

export interface CardHost {
  readonly url: string;
  /** The address of the card, which is as it was made last. */
  readonly cardUrl: string;
  /** Of its public key. */
  readonly jwk: JWK;
  /** Signs `card`, JSON or an object of the SDK's, with `jku` in the header, and serves what `change` makes of it. */
  serve(
    card: object,
    options?: { readonly jku?: string; readonly change?: (signed: object) => unknown },
  ): Promise<void>;
}

export async function startCardHost(): Promise<CardHost> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'host-key', alg: 'ES256' };
  let served: unknown = {};
  const server = createServer((request, response) => {
    const body = request.url === '/keys.json' ? { keys: [jwk] } : served;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const url = await onLoopback(server);
  return {
    url,
    cardUrl: `${url}/card.json`,
    jwk,
    serve: async (card, { jku, change = (signed: object) => signed } = {}) => {
      const header = { alg: 'ES256', kid: 'host-key', typ: 'JOSE', ...(jku === undefined ? {} : { jku }) };
      served = change(await generateAgentCardSignature(privateKey, header)(card as AgentCard));
    },
  };
}
