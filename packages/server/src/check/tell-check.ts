/** Writes down what a check of open tasks found, for people. */
import { verdicts, type CheckedAgent, type CheckedTask, type TasksCheck, type Verdict } from './tasks-check.js';

/** So many tasks are named for each reason. */
const MOST_NAMED = 10;

const said: Readonly<Record<Verdict, readonly [one: string, many: string]>> = {
  'goes-on': ['goes on', 'go on'],
  'not-begun': ['has not begun, and begins', 'have not begun, and begin'],
  finishes: ['finishes', 'finish'],
  held: ['would be held', 'would be held'],
  fails: ['would fail', 'would fail'],
  'no-agent': ['has no agent here', 'have no agent here'],
  unknown: ["can't be told", "can't be told"],
};

/** Lines, the last of which sums it up. */
export function tellCheck({ agents, checked, more, ok }: TasksCheck): string {
  const bad = agents.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const limited = more ? ' There are more open tasks: the limit is reached.' : '';
  const all = checked === 0 ? 'There are no open tasks.' : `${open(checked)}: all go on.`;
  const sum = ok ? all : `${open(checked)}: ${bad} ${bad === 1 ? 'does' : 'do'} not simply go on.`;
  return [...agents.flatMap(tellAgent), `${sum}${limited}`].join('\n');
}

function open(count: number): string {
  return `${count} open ${count === 1 ? 'task' : 'tasks'}`;
}

function tellAgent({ agent, counts, tasks }: CheckedAgent): readonly string[] {
  const total = verdicts.reduce((sum, verdict) => sum + counts[verdict], 0);
  const lines = verdicts.flatMap((verdict) => {
    const count = counts[verdict];
    if (count === 0) return [];
    const [one, many] = said[verdict];
    const named = tasks.filter((task) => task.verdict === verdict);
    return [`  ${count} ${count === 1 ? one : many}`, ...byReason(named).flatMap(tellReason)];
  });
  return [`${agent}: ${open(total)}`, ...lines, ''];
}

function byReason(tasks: readonly CheckedTask[]): readonly (readonly [string, readonly CheckedTask[]])[] {
  const reasons = new Map<string, CheckedTask[]>();
  for (const task of tasks) {
    const { reason = '' } = task;
    reasons.set(reason, [...(reasons.get(reason) ?? []), task]);
  }
  return [...reasons];
}

function tellReason([reason, tasks]: readonly [string, readonly CheckedTask[]]): readonly string[] {
  const rest = tasks.length - MOST_NAMED;
  return [
    ...(reason === '' ? [] : [`    ${reason}`]),
    ...tasks.slice(0, MOST_NAMED).map((task) => `      ${task.taskId}  ${task.state}, ${versionsOf(task)}`),
    ...(rest > 0 ? [`      and ${rest} more`] : []),
  ];
}

function versionsOf({ ranWith, version }: CheckedTask): string {
  const ran = ranWith === undefined ? 'has not run' : `ran with ${ranWith}`;
  return version === undefined || version === ranWith ? ran : `${ran}, here ${version}`;
}
