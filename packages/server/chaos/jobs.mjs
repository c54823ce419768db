/** What the clients do: each job sends its messages, follows what comes of them, and says what is to be expected. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { roughJobs, roughWeights } from './rough-jobs.mjs';
import { saidBy, stateOf } from './clients.mjs';
import { ended, expect, follow, open, says } from './desk.mjs';
import { FeedFollower } from './feed-follower.mjs';

const PROGRESS = 'urn:continuo:a2a:progress:v1';

/** The text of an artifact's parts, put together. */
function artifactText(task, name) {
  const artifact = task.artifacts?.find((one) => one.name === name);
  return (artifact?.parts ?? []).map((part) => part.text ?? '').join('');
}

/** A task that takes steps, by one who watches it or one who asks now and then. */
async function steps(desk, kind, agent, data, result) {
  const { clients, random } = desk;
  const task = await open(desk, kind, agent, data);
  if (task === undefined) return;
  expect(desk, kind, task.id, ['COMPLETED'], result === undefined ? {} : { result });
  const followers = Array.from({ length: random.whole(0, 2) }, () => follow(desk, agent, task.id));
  await Promise.all([clients.waitFor(task.id, ended), ...followers]);
}

export const jobs = {
  ...roughJobs,

  async short(desk) {
    const text = randomUUID();
    const task = await open(desk, 'short', 'function/echo', text, { wait: desk.random.chance(0.6) });
    if (task === undefined) return;
    expect(desk, 'short', task.id, ['COMPLETED'], {
      result: (found) => (JSON.stringify(found.artifacts).includes(text) ? undefined : 'its artifact is not the echo'),
    });
    await desk.clients.waitFor(task.id, ended);
  },

  stepper(desk) {
    const { random } = desk;
    const data = { steps: random.whole(3, 25), delayMs: random.whole(50, 500) };
    return steps(desk, 'stepper', 'chaos/stepper', data, says(`Took ${data.steps} steps.`));
  },

  countdown(desk) {
    const { random } = desk;
    const data = { steps: random.whole(5, 40), delayMs: random.whole(50, 400) };
    return steps(desk, 'countdown', 'function/countdown', data, says(`Counted ${data.steps} steps.`));
  },

  streamer(desk) {
    const { random } = desk;
    const data = { chunks: random.whole(20, 300), delayMs: random.whole(5, 60) };
    const whole = Array.from({ length: data.chunks }, (_, index) => `${index + 1} `).join('');
    return steps(desk, 'streamer', 'chaos/streamer', data, (task) =>
      ['body', 'step']
        .filter((name) => artifactText(task, name) !== whole)
        .map((name) => `artifact "${name}" is ${JSON.stringify(artifactText(task, name)).slice(0, 200)}`)
        .at(0),
    );
  },

  queued(desk) {
    const { random } = desk;
    const data = { steps: random.whole(1, 3), delayMs: random.whole(20, 200), naps: random.whole(0, 1) };
    return steps(desk, 'queued', 'chaos/queued', data, says(`Had ${data.naps + 1} turns.`));
  },

  sleeper(desk) {
    const data = { naps: desk.random.whole(1, 4), ms: desk.random.whole(200, 2_000) };
    const least = data.naps * data.ms;
    return steps(desk, 'sleeper', 'chaos/sleeper', data, (task) => {
      const slept = Number(/^Slept (\d+)$/.exec(saidBy(task))?.[1]);
      return slept >= least - 5 ? undefined : `it slept ${slept} ms of ${least}: ${saidBy(task)}`;
    });
  },

  /** Answered while its code changes with every start: it goes on, if need be when code comes that fits. */
  async edited(desk) {
    const { clients, ledger, random } = desk;
    const task = await open(desk, 'edited', 'chaos/edited', 'go');
    if (task === undefined) return;
    const asked = await clients.waitFor(task.id, ['INPUT_REQUIRED', ...ended]);
    if (stateOf(asked) !== 'INPUT_REQUIRED') {
      ledger.complain('wrong end', `task ${task.id} is ${stateOf(asked)} before its question`);
      return;
    }
    await delay(random.whole(0, 4_000));
    const word = randomUUID();
    const answer = await clients.send('chaos/edited', word, { taskId: task.id, contextId: task.contextId });
    if (!answer.ok) ledger.complain('answers', `task ${task.id}: its answer was refused with ${answer.text}`);
    const result = (found, events) => {
      const drafts = ['email', 'page', 'release'].filter(
        (name) => !artifactText(found, name).startsWith(`${name} by `),
      );
      if (drafts.length > 0) return `it lacks ${drafts.join(', ')}`;
      const made = events.filter(({ key, payload }) => payload.artifact !== undefined && key.startsWith('say:')).length;
      if (made !== 4) return `it published ${made} artifacts`;
      return new RegExp(`^${word} by third`).test(saidBy(found)) ? undefined : `it said ${saidBy(found)}`;
    };
    expect(desk, 'edited', task.id, ['COMPLETED'], { result });
    await clients.waitFor(task.id, ended);
  },

  async parent(desk) {
    const data = { steps: desk.random.whole(2, 6), delayMs: desk.random.whole(50, 300) };
    const task = await open(desk, 'parent', 'chaos/parent', data);
    if (task === undefined) return;
    const result = says(`Took ${data.steps} steps. for ${task.id}`);
    expect(desk, 'parent', task.id, ['COMPLETED'], { result, children: 3 });
    await Promise.all([desk.clients.waitFor(task.id, ended), follow(desk, 'chaos/parent', task.id)]);
  },

  async failer(desk) {
    const how = desk.random.pick(['terminal', 'step', 'child']);
    const task = await open(desk, 'failer', 'chaos/failer', { how });
    if (task === undefined) return;
    expect(desk, 'failer', task.id, ['FAILED'], { children: how === 'child' ? 1 : 0 });
    await desk.clients.waitFor(task.id, ended);
  },

  /**
   * Asked by an agent, or through it by its child, and answered after a while, sometimes by two at once; some are never answered. Of two answers one
   * wins; the other is refused, or it finds the task working and goes into its inbox, or it finds the next question.
   */
  async asker(desk) {
    const { clients, ledger, random } = desk;
    const questions = random.whole(1, 3);
    const agent = random.pick(['chaos/asker', 'chaos/asker', 'chaos/asks-through']);
    const task = await open(desk, 'asker', agent, { questions });
    if (task === undefined) return;
    const following = random.chance(0.4) ? follow(desk, agent, task.id) : Promise.resolve();
    for (;;) {
      const asked = await clients.waitFor(task.id, ['INPUT_REQUIRED', ...ended]);
      if (stateOf(asked) !== 'INPUT_REQUIRED') break;
      if (random.chance(0.1)) {
        expect(desk, 'asker', task.id, ['INPUT_REQUIRED']);
        return;
      }
      await delay(random.whole(0, 4_000));
      const given = await Promise.all(
        Array.from({ length: random.chance(0.35) ? 2 : 1 }, () =>
          clients.send(agent, randomUUID(), { taskId: task.id, contextId: task.contextId }),
        ),
      );
      if (!given.some((answer) => answer.ok)) {
        const said = given.map((answer) => answer.text).join(' and ');
        ledger.complain('answers', `task ${task.id}: no answer was accepted (${said})`);
        return;
      }
      for (const { ok, reason, text } of given) {
        if (!ok && reason !== 'UNSUPPORTED_OPERATION') ledger.complain('refused', `an answer was refused with ${text}`);
      }
    }
    const result = (found, events) => {
      const answers = events
        .filter((event) => event.key.startsWith('answer:'))
        .map((event) => event.message.parts[0].text);
      if (answers.length !== questions)
        return `it asked ${questions} questions and was given ${answers.length} answers`;
      return says(answers.join('|'))(found);
    };
    expect(desk, 'asker', task.id, ['COMPLETED'], { result });
    await Promise.all([clients.waitFor(task.id, ended), following]);
  },

  /** Cancelled from anywhere: while it works, sleeps, waits for a person or for its children, or has just ended. */
  async cancel(desk) {
    const { clients, ledger, random } = desk;
    const [agent, data] = random.pick([
      ['chaos/stepper', { steps: 60, delayMs: 250 }],
      ['chaos/stepper', { steps: 5, delayMs: 50 }],
      ['chaos/sleeper', { naps: 3, ms: 8_000 }],
      ['chaos/asker', { questions: 1 }],
      ['chaos/asks-through', { questions: 1 }],
      ['chaos/parent', { steps: 40, delayMs: 250 }],
    ]);
    const task = await open(desk, 'cancel', agent, data);
    if (task === undefined) return;
    const following = random.chance(0.5) ? follow(desk, agent, task.id) : Promise.resolve();
    await delay(random.whole(0, 4_000));
    const answer = await clients.cancel(agent, task.id);
    if (answer.ok) {
      if (stateOf(answer.task) !== 'CANCELED') {
        ledger.complain('cancel', `task ${task.id} was answered as ${stateOf(answer.task)} after its cancel`);
      }
      ledger.cancels.push({ taskId: task.id, at: Date.now() });
    } else if (answer.reason !== 'TASK_NOT_CANCELABLE') {
      ledger.complain('refused', `a cancel was refused with ${answer.text}`);
    }
    // Refused when it had ended, or when an earlier try of the same cancel had got through.
    expect(desk, 'cancel', task.id, answer.ok ? ['CANCELED'] : ['CANCELED', 'COMPLETED']);
    await Promise.all([clients.waitFor(task.id, ended), following]);
  },

  /** Several messages in one session, one after the other and at once. */
  async conversation(desk) {
    const { clients, ledger, random } = desk;
    const contextId = randomUUID();
    const feed = new FeedFollower(clients, contextId);
    const taskIds = [];
    for (let turn = random.whole(2, 4); turn > 0; turn -= 1) {
      const agents = random.pick([['context/assistant'], ['function/echo'], ['function/echo', 'context/assistant']]);
      const opened = await Promise.all(
        agents.map((agent) =>
          open(desk, 'conversation', agent, `turn ${turn} ${randomUUID()}`, { contextId, wait: true }),
        ),
      );
      for (const task of opened) {
        if (task === undefined) continue;
        expect(desk, 'conversation', task.id, ['COMPLETED']);
        // The session is there with its first task; the stream goes back to its beginning.
        if (taskIds.push(task.id) === 1) await feed.start();
        await clients.waitFor(task.id, ended);
      }
    }
    if (taskIds.length === 0) return;
    ledger.feeds.push(feed);
    await feed.untilEnded(taskIds);
    await feed.stop();
  },

  /** Fails, and is tried again by one or by two at once, under one key: a single new attempt, which keeps what was done. */
  async retried(desk) {
    const { clients, directory, ledger, random } = desk;
    const task = await open(desk, 'retried', 'chaos/unlucky', 'go');
    if (task === undefined) return;
    const failed = await clients.waitFor(task.id, ended);
    if (stateOf(failed) !== 'FAILED') ledger.complain('wrong end', `task ${task.id} is not FAILED before its retry`);
    await writeFile(join(directory, `luck-${task.id}`), '');
    const key = randomUUID();
    const given = await Promise.all(
      Array.from({ length: random.whole(1, 2) }, () => clients.postOnce(`/tasks/${task.id}:retry`, {}, key)),
    );
    for (const { ok, text } of given)
      if (!ok) ledger.complain('refused', `a retry of ${task.id} was refused with ${text}`);
    const result = (found, events) => {
      const attempts = events.filter(({ payload }) => payload.metadata?.[PROGRESS]?.attempt !== undefined).length;
      return attempts === 1 ? says('Lucky at last.')(found) : `${attempts} new attempts were begun`;
    };
    expect(desk, 'retried', task.id, ['COMPLETED'], { result });
    await clients.waitFor(task.id, ['COMPLETED', 'CANCELED', 'REJECTED']);
  },

  /** A message without any id of its own, twice at once under one key: one task. */
  async keyed(desk) {
    const { clients, ledger } = desk;
    const key = randomUUID();
    const text = `under ${key}`;
    const given = await Promise.all(
      [1, 2].map(() => clients.postOnce('/agents/function/echo/tasks', { message: text }, key)),
    );
    const ids = new Set(given.map((answer) => answer.task?.id));
    if (ids.size !== 1 || given.some((answer) => !answer.ok)) {
      ledger.complain('keyed', `key ${key}: ${given.map((answer) => answer.task?.id ?? answer.text).join(' and ')}`);
      return;
    }
    const [id] = ids;
    expect(desk, 'keyed', id, ['COMPLETED']);
    await clients.waitFor(id, ended);
  },

  /** The same message to two instances at the same moment: one task. */
  async twice(desk) {
    const ids = { contextId: randomUUID(), messageId: randomUUID() };
    const tasks = await Promise.all([1, 2].map(() => open(desk, 'twice', 'function/echo', 'twice', ids)));
    const [one, other] = tasks;
    if (one === undefined || other === undefined) return;
    if (one.id !== other.id)
      desk.ledger.complain('twice', `message ${ids.messageId} made tasks ${one.id} and ${other.id}`);
    expect(desk, 'twice', one.id, ['COMPLETED']);
    await desk.clients.waitFor(one.id, ended);
  },
};

/** How often each is begun. */
export const weights = [
  ['short', 26],
  ['stepper', 34],
  ['countdown', 10],
  ['streamer', 10],
  ['queued', 8],
  ['sleeper', 6],
  ['parent', 7],
  ['edited', 12],
  ['failer', 4],
  ['asker', 14],
  ['cancel', 12],
  ['conversation', 9],
  ['twice', 4],
  ['retried', 5],
  ['keyed', 4],
  ...roughWeights,
];
