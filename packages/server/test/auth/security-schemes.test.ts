/** How cards say who may call: any one of several ways, and a certificate beside each where a proxy asks for one. */
import { expect, it } from 'vitest';
import { security, securityOfBoth, type CardAuth } from '../../src/auth/security-schemes.js';

const auth = (given: Partial<CardAuth>): CardAuth => ({
  schemes: [],
  issuer: undefined,
  oauthFlows: {},
  mtls: false,
  ...given,
});
const waysOf = (given: Partial<CardAuth>) => {
  const { securityRequirements } = security(auth(given));
  return securityRequirements.map(({ schemes }) => Object.keys(schemes).join(' and '));
};

it('needs nothing where nobody has to say who they are', () => {
  expect(security(auth({}))).toEqual({ securitySchemes: {}, securityRequirements: [] });
  expect(securityOfBoth(auth({}))).toEqual({});
});

it('wants a certificate beside what else is asked for', () => {
  expect(waysOf({ mtls: true })).toEqual(['mtls']);
  expect(waysOf({ mtls: true, schemes: ['keys'] })).toEqual(['keys and mtls', 'apiKey and mtls']);
  const { securitySchemes, security: old } = securityOfBoth(auth({ mtls: true, schemes: ['keys'] }));
  expect(securitySchemes).toMatchObject({ mtls: { mtlsSecurityScheme: {}, type: 'mutualTLS' } });
  expect(old).toEqual([
    { keys: [], mtls: [] },
    { apiKey: [], mtls: [] },
  ]);
});

it('each way is a scheme that the card describes, for both versions', () => {
  const oauthFlows = {
    deviceCode: { deviceAuthorizationUrl: 'https://a.example', tokenUrl: 'https://b.example', scopes: {} },
  };
  const given = auth({ schemes: ['keys', 'jwt'], issuer: 'https://issuer.example', oauthFlows });
  const { securitySchemes, security: old = [] } = securityOfBoth(given);
  const named = Object.keys(securitySchemes ?? {});
  expect(old.flatMap((way) => Object.keys(way))).toEqual(named);
  expect(Object.keys(security(given).securitySchemes)).toEqual(named);
  for (const scheme of Object.values(securitySchemes ?? {})) expect(scheme).toHaveProperty('type');
});
