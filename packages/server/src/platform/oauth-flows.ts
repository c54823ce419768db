/** What CONTINUO_OAUTH2 says: the OAuth 2 flows by which clients get the tokens that this server takes (A2A section 4.5.7). */
import { z } from 'zod';
import { objectSetting } from './json-setting.js';
import { isTrusted } from './variable-kinds.js';

const address = z.string().refine(isTrusted, 'expected a URL that begins with https://');
const scopes = z.record(z.string().min(1), z.string()).default({});
const flows = z
  .strictObject({
    authorizationCode: z
      .strictObject({
        authorizationUrl: address,
        tokenUrl: address,
        refreshUrl: address.optional(),
        scopes,
        pkceRequired: z.boolean().default(true),
      })
      .optional(),
    clientCredentials: z.strictObject({ tokenUrl: address, refreshUrl: address.optional(), scopes }).optional(),
    deviceCode: z
      .strictObject({
        deviceAuthorizationUrl: address,
        tokenUrl: address,
        refreshUrl: address.optional(),
        scopes,
      })
      .optional(),
  })
  .readonly();

export type OAuthFlows = z.output<typeof flows>;

export const OAUTH_FORM =
  'JSON: {"authorizationCode":{"authorizationUrl":"https://…","tokenUrl":"https://…","scopes":{"read":"…"}}}, also clientCredentials and deviceCode';

/** Throws an Error that says what is wrong where. */
export function parseOAuthFlows(text: string): OAuthFlows {
  return objectSetting(flows, text);
}
