/** The operations on who may call: keys, the caller, and how to sign in to the console. */
import { z } from 'zod';
import type { ApiKey } from '../../auth/api-key.js';
import type { ApiKeyPage, NewApiKey } from '../../auth/api-keys.js';
import { auditActions } from '../../auth/audit-log.js';
import type { AuditPage } from '../../auth/read-audit.js';
import { scopes } from '../../platform/caller.js';
import { authSchemes } from '../../platform/config-variables.js';
import { auditFilter, auditParameters } from '../audit.controller.js';
import type { CallerInfo, SignInOptions } from '../caller.controller.js';
import { newKey } from '../../auth/key-request.js';
import { keyListParameters } from '../keys.controller.js';
import type { Operation } from './operation.js';
import { moment, name } from './shapes.js';

const key = z.object({
  id: z.string(),
  prefix: z.string(),
  name: z.string(),
  tenant: z.string(),
  owner: z.string(),
  scopes: z.array(z.enum(scopes)),
  agents: z.array(z.string()).optional(),
  createdAt: moment,
  expiresAt: moment.optional(),
  lastUsedAt: moment.optional(),
  revokedAt: moment.optional(),
});

const keyShape: z.ZodType<ApiKey> = name('ApiKey', key);

const newKeyShape: z.ZodType<NewApiKey> = name('NewApiKey', key.extend({ key: z.string().optional() }));

const keyPageShape: z.ZodType<ApiKeyPage> = name(
  'ApiKeyPage',
  z.object({ keys: z.array(keyShape), nextPageToken: z.string() }),
);

const auditPageShape: z.ZodType<AuditPage> = name(
  'AuditPage',
  z.object({
    entries: z.array(
      z.object({
        id: z.string(),
        at: moment,
        owner: z
          .string()
          .nullable()
          .describe('Who did it; null: the server, somebody at its command line, or who could not sign in.'),
        action: z.enum(auditActions),
        subject: z.string().describe('What it was done to: an id, or of a sign-in the beginning of the key.'),
        details: z.record(z.string(), z.unknown()),
      }),
    ),
    nextPageToken: z.string(),
  }),
);

const callerShape: z.ZodType<CallerInfo> = name(
  'Caller',
  z.object({
    tenant: z.string(),
    owner: z.string(),
    scopes: z.array(z.enum(scopes)),
    local: z.boolean().describe('There is no authentication: everybody on this machine is this caller.'),
    languageModel: z
      .boolean()
      .describe('Whether a language model is configured. Without one, agents answer with an offline placeholder.'),
  }),
);

const signInShape: z.ZodType<SignInOptions> = name(
  'SignInOptions',
  z.object({
    schemes: z.array(z.enum(authSchemes)).describe('Empty without authentication.'),
    openIdConnect: z
      .object({ issuer: z.string(), clientId: z.string(), scope: z.string(), audience: z.string() })
      .optional(),
  }),
);

export const accessOperations: readonly Operation[] = [
  {
    id: 'getCaller',
    access: 'read',
    method: 'get',
    path: '/caller',
    summary: 'Who asks, and what they may do',
    answer: callerShape,
  },
  {
    id: 'getSignInOptions',
    access: 'public',
    method: 'get',
    path: '/sign-in-options',
    summary: 'How people sign in to the console; for everybody',
    answer: signInShape,
  },
  {
    id: 'listAudit',
    access: 'admin',
    method: 'get',
    path: '/audit',
    summary: 'Who did what in the tenant, the newest first',
    query: auditParameters,
    answer: auditPageShape,
  },
  {
    id: 'exportAudit',
    access: 'admin',
    method: 'get',
    path: '/audit/export',
    summary: 'The same as a file, one JSON object a line',
    query: auditFilter,
    text: 'application/x-ndjson',
    answerHeaders: ['Content-Disposition'],
  },
  {
    id: 'listKeys',
    access: 'admin',
    method: 'get',
    path: '/keys',
    summary: 'The API keys of the tenant, the newest first; for admins, as all of them',
    query: keyListParameters,
    answer: keyPageShape,
  },
  {
    id: 'createKey',
    access: 'admin',
    idempotent: true,
    statuses: [201],
    description: 'Under an `Idempotency-Key` that was used before, the answer comes without the key itself.',
    method: 'post',
    path: '/keys',
    summary: 'Make a key, which is in this answer alone',
    body: newKey,
    answer: newKeyShape,
  },
  {
    id: 'revokeKey',
    access: 'admin',
    errors: ['KEY_NOT_FOUND'],
    method: 'delete',
    path: '/keys/{id}',
    summary: 'Revoke a key',
  },
];
