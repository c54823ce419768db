/** `npm run keys` of the server: builds what is stale, then becomes packages/server/src/auth/keys-command.ts. */
import { becomeCommand } from './prepare.mjs';

await becomeCommand('auth/keys-command.js');
