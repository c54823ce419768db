/** `npm run eval` of the server: builds what is stale, then becomes packages/server/src/evaluation/eval-command.ts. */
import { becomeCommand } from './prepare.mjs';

await becomeCommand('evaluation/eval-command.js');
