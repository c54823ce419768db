/** The texts of the settings: who is signed in, how it looks, keys. */
import { isolated } from '../formats.js';
import { inLanguage } from '../language.js';
const english = {
  you: 'You',
  owner: 'Owner',
  tenant: 'Tenant',
  scopes: 'Permissions',
  how: 'Signed in with',
  byKey: 'A key or token, stored in this browser',
  byIssuer: 'OpenID Connect, in this tab',
  local: 'Authentication is off: everyone on this machine shares one account with full access.',
  theme: 'Appearance',
  keys: 'API keys',
  keysHint: 'All keys of your tenant. Anyone who has a key acts as its owner.',
  habits: 'Keyboard and notifications',
  noKeysHere: 'API keys are off. Set CONTINUO_AUTH=keys to use them.',
  notAdmin: 'You need the admin scope to manage keys.',
  none: 'No keys yet',
  create: 'New key',
  name: 'Name',
  nameHint: 'A label for this list; defaults to the owner',
  ownerHint: 'The user this key acts as',
  may: 'Permissions',
  scopeNames: {
    read: 'Read: see everything of the owner',
    write: 'Write: send messages, cancel, change, delete',
    admin: 'Admin: manage the tenant’s keys',
  },
  agents: 'Only these agents',
  agentsHint: 'Leave empty for all agents',
  lifetimes: { '30': 'In 30 days', '90': 'In 90 days', '365': 'In a year', never: 'Never' },
  made: 'Your new key',
  madeHint: 'Copy it now. You won’t see it again.',
  used: 'Last used',
  neverUsed: 'Never used',
  ends: 'Expires',
  ended: 'Expired',
  revoked: 'Revoked',
  revoke: 'Revoke',
  revokeName: (name: string) => `Revoke ${name}`,
  revokeQuestion: 'Revoke this key?',
  revokeHint: (name: string) => `“${isolated(name)}” stops working immediately. This can’t be undone.`,
};

export type SettingsTexts = typeof english;

export const settingsTexts = await inLanguage(english, { de: () => import('./german/settings.js') });
