/** All of a session as one JSON text, piece by piece, so that a long one is never in memory as a whole. */
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database } from '../platform/database.js';
import { listMessages, messageText } from '../sessions/list-messages.js';
import type { Session } from '../sessions/session.js';
import { sessionTasks } from './delete-tasks.js';
import { readPages } from './read-events.js';
import type { TasksService } from './tasks-service.js';

const MESSAGES = 100;
const PIECE_CHARACTERS = 64 * 1024;

export class SessionExport {
  constructor(
    private readonly database: Database,
    private readonly tasks: TasksService,
  ) {}

  /**
   * `{ session, messages: [{ seq, message, … }], tasks: [{ task, events: [{ seq, event }] }] }`: the messages in order,
   * the tasks of the session and what they called in the order in which they were opened, each as it is now, as far as it
   * fits into a page, and with its log up to now, which has all of it; the members of that are A2A's StreamResponses.
   * `shared`: what the tasks called outside of the session is left out.
   */
  async *read(caller: Caller, session: Session, shared = false): AsyncGenerator<string, void> {
    yield `{"session":${JSON.stringify(session)},\n"messages":[`;
    yield* joined(this.#messages(caller, session.id));
    yield '],\n"tasks":[';
    let first = true;
    for (const id of await orUnavailable(() => sessionTasks(this.database.reading(), caller, session.id, shared))) {
      const task = await this.tasks.beginning(caller, id);
      if (task === undefined) continue;
      yield `${first ? '' : ','}\n{"task":${JSON.stringify(task.task)},\n"events":[`;
      yield* joined(this.#events(id, task.lastSeq));
      yield ']}';
      first = false;
    }
    yield ']}\n';
  }

  async *#messages(caller: Caller, contextId: string): AsyncGenerator<AsyncIterable<string>, void> {
    const database = this.database.reading();
    const leave = database.shares.enter();
    try {
      for (let token = ''; ;) {
        const request = { size: MESSAGES, token, largeBytes: database.shares.bytes };
        const page = await orUnavailable(() => listMessages(database, caller, contextId, 'asc', request));
        for (const { large, message, ...about } of page.messages) {
          const text =
            large === true ? messageText(database, caller, contextId, about.seq) : once(JSON.stringify(message));
          yield around(`${JSON.stringify(about).slice(0, -1)},"message":`, text, '}');
        }
        if (page.nextPageToken === '') return;
        token = page.nextPageToken;
      }
    } finally {
      leave();
    }
  }

  async *#events(taskId: string, lastSeq: number): AsyncGenerator<AsyncIterable<string>, void> {
    // From here on, so that it has the last of them.
    const database = this.database.reading();
    for await (const page of readPages(database, taskId, 0, lastSeq)) {
      for (const event of page) yield around(`{"seq":${event.seq},"event":`, this.tasks.text(event, database), '}');
    }
  }
}

/** The members of a JSON array, a line each; short ones leave together. */
async function* joined(members: AsyncIterable<AsyncIterable<string>>): AsyncGenerator<string, void> {
  let text = '\n';
  for await (const member of members) {
    for await (const piece of member) {
      text += piece;
      if (text.length < PIECE_CHARACTERS) continue;
      yield text;
      text = '';
    }
    text += ',\n';
  }
  // Behind the last one there is no comma.
  yield text.endsWith(',\n') ? text.slice(0, -2) : text;
}

async function* once(text: string): AsyncGenerator<string, void> {
  yield text;
}

async function* around(before: string, pieces: AsyncIterable<string>, after: string): AsyncGenerator<string, void> {
  yield before;
  yield* pieces;
  yield after;
}
