/** The table: what A2A 1.0.1 requires of servers, in the order of its sections. */
import { capabilities } from './requirements/capabilities.mjs';
import { cards } from './requirements/cards.mjs';
import { conversations } from './requirements/conversations.mjs';
import { dataModel } from './requirements/data-model.mjs';
import { errorRequirements } from './requirements/errors.mjs';
import { grpc } from './requirements/grpc.mjs';
import { httpJson } from './requirements/http-json.mjs';
import { jsonRpc } from './requirements/json-rpc.mjs';
import { messages } from './requirements/messages.mjs';
import { push } from './requirements/push.mjs';
import { security } from './requirements/security.mjs';
import { tasks } from './requirements/tasks.mjs';

const bySection = new Intl.Collator('en', { numeric: true });

export const requirements = [
  messages,
  tasks,
  conversations,
  push,
  capabilities,
  errorRequirements,
  dataModel,
  cards,
  security,
  jsonRpc,
  grpc,
  httpJson,
]
  .flat()
  .toSorted((one, other) => bySection.compare(one.section, other.section));
