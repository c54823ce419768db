/** All of a session as one JSON text, piece by piece, so that a long one is never in memory as a whole. */
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../platform/caller.js';
import { Database, orUnavailable } from '../platform/database.js';
import { listMessages } from '../sessions/list-messages.js';
import type { Session } from '../sessions/session.js';
import { sessionTasks } from './delete-tasks.js';
import { readPages } from './read-events.js';
import { readTasks } from './read-tasks.js';

const MESSAGES = 100;

@Injectable()
export class SessionExport {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * `{ session, messages: [{ seq, message, … }], tasks: [{ task, events: [{ seq, event }] }] }`: the messages in order,
   * the tasks of the session and what they called in the order in which they were opened, each as it is now, with its
   * artifacts, and with its log up to now, whose members are A2A's StreamResponses. `shared`: what the tasks called
   * outside of the session is left out.
   */
  async *read(caller: Caller, session: Session, shared = false): AsyncGenerator<string, void> {
    yield `{"session":${JSON.stringify(session)},\n"messages":[`;
    yield* joined(this.#messages(caller, session.id));
    yield '],\n"tasks":[';
    let first = true;
    for (const id of await orUnavailable(() => sessionTasks(this.database, caller, session.id, shared))) {
      const [task] = await readTasks(this.database, [{ caller, id, historyLength: undefined, artifacts: true }]);
      if (task === undefined) continue;
      yield `${first ? '' : ','}\n{"task":${JSON.stringify(task.task)},\n"events":[`;
      yield* joined(this.#events(id, task.lastSeq));
      yield ']}';
      first = false;
    }
    yield ']}\n';
  }

  async *#messages(caller: Caller, contextId: string): AsyncGenerator<readonly unknown[], void> {
    for (let token = ''; ;) {
      const page = await listMessages(this.database, caller, contextId, 'asc', { size: MESSAGES, token });
      yield page.messages;
      if (page.nextPageToken === '') return;
      token = page.nextPageToken;
    }
  }

  async *#events(taskId: string, lastSeq: number): AsyncGenerator<readonly unknown[], void> {
    for await (const page of readPages(this.database, taskId, 0, lastSeq)) {
      yield page.map(({ seq, response }) => ({ seq, event: response }));
    }
  }
}

/** The members of a JSON array, a line each. */
async function* joined(pages: AsyncIterable<readonly unknown[]>): AsyncGenerator<string, void> {
  let separator = '\n';
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield separator + page.map((item) => JSON.stringify(item)).join(',\n');
    separator = ',\n';
  }
}
