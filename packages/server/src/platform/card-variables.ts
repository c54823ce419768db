/** The environment variables of agent cards: who signs them, whose signatures count, what is listed and asked for. */
import { CARD_KEYS_FORM, parseCardKeys } from './card-trust-settings.js';
import { OAUTH_FORM, parseOAuthFlows } from './oauth-flows.js';
import { KEYS_FORM, parsePrivateKeys } from './private-keys.js';
import { choice, flag, listOf, parsed, whole } from './variable-kinds.js';

/** `type/name`, all of a type, or all. */
const LISTED = /^(\*|[a-z0-9][a-z0-9-]*\/(\*|[a-z0-9][a-z0-9-]*))$/;

function listed(entry: string): string {
  if (LISTED.test(entry)) return entry;
  throw new Error(`${entry} is neither type/name, nor type/*, nor *.`);
}

export const cardVariables = {
  CONTINUO_SIGNING_KEYS: parsed(parsePrivateKeys, {
    secret: true,
    description:
      'Private keys that agent cards and webhooks are signed with: the first signs, all are in /.well-known/jwks.json. Without them the instances make one, keep it in the database and replace it by and by.',
    expected: KEYS_FORM,
  }),
  CONTINUO_SIGNING_ROTATION_DAYS: whole(0, 3_650, {
    default: '90',
    description: 'Days after which a signing key in the database is replaced; 0 keeps it.',
  }),
  CONTINUO_CARD_SIGNATURES: choice(['off', 'warn', 'require'], {
    default: 'off',
    description:
      'Whether the cards of external agents must be signed by a key that is trusted: off looks at no signature, warn says what is wrong in the log, require calls no other agents.',
  }),
  CONTINUO_CARD_KEYS: parsed(parseCardKeys, {
    // Somebody may put a private key here.
    secret: true,
    description:
      "Whose signatures on cards count, beside keys that lie on the agent's own origin. With addresses a card may name one of them as its own.",
    expected: CARD_KEYS_FORM,
  }),
  CONTINUO_CATALOG: listOf(listed, {
    default: '',
    description:
      'Agents that /.well-known/ai-catalog.json lists to everybody: type/name, type/* or * for all that are not internal; a comma alone lists none. Default: all without authentication, none with it.',
    expected: 'type/name, type/* or *, separated by commas',
  }),
  CONTINUO_OAUTH2: parsed(parseOAuthFlows, {
    description:
      'OAuth 2 flows by which clients get the tokens of the issuer, for the cards. Needs jwt in CONTINUO_AUTH.',
    expected: OAUTH_FORM,
  }),
  CONTINUO_MTLS: flag({
    default: 'false',
    description: 'Whether a proxy in front asks clients for a certificate: the cards then say so.',
  }),
} as const;
