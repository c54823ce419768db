/** What earlier turns of a task have said, looked up where a turn goes on with it: what it doesn't touch isn't read. */
import type { StreamResponse } from '@continuo/agent/internal/tasks/task.js';
import type { ArtifactBefore, CallBefore, LogBefore } from '../tasks/log-before.js';
import type { TasksService } from '../tasks/tasks-service.js';
import { wholeResponse } from '../tasks/whole-event.js';
import type { GrowingText } from './growing-text.js';

export class EarlierTurns {
  readonly #log: LogBefore;

  /** `seq`: the event with which the turn begins. */
  constructor(
    private readonly tasks: TasksService,
    private readonly taskId: string,
    private readonly seq: number,
  ) {
    this.#log = tasks.before(taskId, seq);
  }

  /** Undefined for one that they haven't begun. */
  artifact(artifactId: string): Promise<ArtifactBefore | undefined> {
    return this.#log.artifact(artifactId);
  }

  /** Undefined for one that they haven't told of. */
  call(id: string): Promise<CallBefore | undefined> {
    return this.#log.call(id);
  }

  /** Adds to `text` what they have said of the artifact since it began at `begins`. */
  async addText(text: GrowingText, artifactId: string, begins: number): Promise<void> {
    for await (const event of this.tasks.events(this.taskId, begins - 1, this.seq)) {
      if (!isOf(event.response, artifactId)) continue;
      const response = await wholeResponse(this.tasks, event);
      const parts = 'artifactUpdate' in response ? response.artifactUpdate.artifact.parts : [];
      for (const part of parts) if (part.text !== undefined && part.filename === undefined) text.add(part.text);
    }
  }
}

function isOf(response: StreamResponse, artifactId: string): boolean {
  return 'artifactUpdate' in response && response.artifactUpdate.artifact.artifactId === artifactId;
}
