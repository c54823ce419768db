/** One task against its log: no gap, nothing after the end, and the row is what the log adds up to. */
import { isDeepStrictEqual } from 'node:util';

const TERMINAL = ['COMPLETED', 'FAILED', 'CANCELED', 'REJECTED'];
const WAITING = ['INPUT_REQUIRED', 'AUTH_REQUIRED'];
const PROGRESS = 'urn:continuo:a2a:progress:v1';

/**
 * @param {any} task its row
 * @param {readonly any[]} events its log, by seq
 * @param {readonly any[]} artifacts its rows
 * @returns {Generator<[about: string, problem: string]>}
 */
export function* checkTask(task, events, artifacts) {
  const { id, state } = task;
  if (!TERMINAL.includes(state) && !WAITING.includes(state)) {
    yield ['not settled', `task ${id} (${task.agent}) is ${state}, run ${task.run_token} on ${task.run_instance}`];
  }
  if (events.length === 0) yield ['no events', `task ${id} (${state}) has none`];
  const odd = events.findIndex((event, index) => event.seq !== index + 1);
  if (odd !== -1) yield ['seq', `task ${id}: event ${odd + 1} has seq ${events[odd].seq}`];
  if (task.last_seq !== events.length) yield ['seq', `task ${id}: last_seq ${task.last_seq}, ${events.length} events`];
  if (events.length > 0 && events[0].kind !== 'task') yield ['log', `task ${id} begins with a ${events[0].kind}`];
  const keys = new Map();
  for (const { key, seq } of events) {
    if (keys.has(key)) yield ['repeated event', `task ${id}: ${key} is event ${keys.get(key)} and event ${seq}`];
    keys.set(key, seq);
  }
  for (const [index, event] of events.entries()) {
    const next = events[index + 1];
    if (next === undefined || !isEnd(event) || next.payload.metadata?.[PROGRESS]?.attempt !== undefined) continue;
    yield ['after the end', `task ${id} ended at event ${event.seq}; its log goes on with ${next.key}`];
  }
  yield* checkRow(task, fold(events));
  yield* checkArtifacts(id, artifacts, foldArtifacts(events));
}

function* checkRow(task, folded) {
  for (const [column, value] of Object.entries(folded)) {
    if (!isDeepStrictEqual(single(task[column]), single(value))) {
      const [row, log] = [JSON.stringify(task[column]), JSON.stringify(value)];
      yield ['row', `task ${task.id}: ${column} is ${row} in its row, ${log} by its log`];
    }
  }
}

/** Numbers as columns of type real hold them. */
function single(value) {
  return typeof value === 'number' ? Math.fround(value) : value;
}

function* checkArtifacts(id, rows, folded) {
  const found = new Map(rows.map((row) => [row.artifact_id, row]));
  for (const [artifactId, wanted] of folded) {
    const row = found.get(artifactId);
    found.delete(artifactId);
    if (row === undefined) yield ['artifact', `task ${id}: ${artifactId} has no row`];
    else if (row.first_seq !== wanted) {
      yield ['artifact', `task ${id}: ${artifactId} begins with ${row.first_seq}, with ${wanted} by its log`];
    }
  }
  for (const artifactId of found.keys()) yield ['artifact', `task ${id}: ${artifactId} is not in its log`];
}

/** Only a new attempt comes behind it. */
export function isEnd(event) {
  return TERMINAL.includes(stateAfter(event) ?? '');
}

function stateAfter({ kind, payload }) {
  return kind === 'artifactUpdate' ? undefined : payload.status.state.replace('TASK_STATE_', '');
}

/** What the columns of the task's row must be. */
function fold(events) {
  const row = { state: null, status_message: null, progress: null, stage: null };
  for (const event of events) {
    const state = stateAfter(event);
    if (state === undefined) continue;
    if (WAITING.includes(row.state) && state === 'WORKING') row.stage = '';
    row.state = state;
    const said = event.message?.role === 'ROLE_AGENT' ? event.message : undefined;
    row.status_message = event.payload.status.message ?? said ?? null;
    const progress = event.payload.metadata?.[PROGRESS];
    if (progress?.fraction === undefined) continue;
    row.progress = progress.fraction;
    row.stage = progress.stage;
  }
  return row;
}

function foldArtifacts(events) {
  const folded = new Map();
  for (const { kind, seq, payload } of events) {
    if (kind !== 'artifactUpdate') continue;
    const id = payload.artifact.artifactId;
    folded.set(id, payload.append ? (folded.get(id) ?? 0) : seq);
  }
  return folded;
}
