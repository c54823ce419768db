/** `npm run check-tasks`: what the code at hand would make of the open tasks; its exit code is for CI. */
import { parsed, print, runCommand, UsageError } from '../platform/command.js';
import { loadConfig } from '../platform/config.js';
import { agentsAtHand } from './agents-at-hand.js';
import { checkTasks, type CheckOptions } from './check-tasks.js';
import { tellCheck } from './tell-check.js';

const usage = `npm run check-tasks -w @continuo/server -- [--agents <module or directory>] [--agent type/name]…
                                                [--limit <tasks>] [--json]

Replays every open task against the code at hand, without carrying anything out, and says what would become of it.
  --agents  a module that exports \`agents\` (and \`providers\`, if they need some), or a directory of declared agents;
            without it the agents that \`npm start\` serves
  --agent   only tasks of this agent; may be repeated
  --limit   at most so many tasks, the oldest
  --json    the report as JSON, for programs

Exit code 0: all go on. 1: some would be held or fail, have no agent here, or can't be told. 2: the check failed.`;

const options = {
  agents: { type: 'string' },
  agent: { type: 'string', multiple: true },
  limit: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = ReturnType<typeof parsed<{ options: typeof options }>>['values'];

function toSelection({ agent, limit }: Values): Pick<CheckOptions, 'only' | 'limit'> {
  for (const key of agent ?? []) {
    if (!/^[^/\s]+\/[^/\s]+$/.test(key)) throw new UsageError(`--agent takes type/name, got ${JSON.stringify(key)}.`);
  }
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) {
    throw new UsageError(`--limit takes a number of tasks from 1 on, got ${JSON.stringify(limit)}.`);
  }
  return {
    ...(agent === undefined ? {} : { only: agent }),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
  };
}

async function run(): Promise<number> {
  const { values } = parsed({ options });
  if (values.help) {
    await print(process.stdout, usage);
    return 0;
  }
  const selection = toSelection(values);
  const check = await checkTasks({ ...(await agentsAtHand(values.agents, loadConfig())), ...selection });
  await print(process.stdout, values.json ? JSON.stringify(check, undefined, 2) : tellCheck(check));
  return check.ok ? 0 : 1;
}

await runCommand(usage, 'The tasks were not checked.', run);
