/** The agent that goes through what was said in a session, and keeps what is worth it: its tasks begin by themselves. */
import { Inject, Optional } from '@nestjs/common';
import { z } from 'zod';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { Remark } from '@continuo/agent/internal/agents/answer.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { TaskRejectedError } from '@continuo/agent/internal/agents/task-rejected.js';
import type { MemoryScope } from '@continuo/agent/internal/memories/memory.js';
import { cut } from '@continuo/agent/internal/platform/text.js';
import { MemoriesService } from '../../memories/memories.service.js';
import { SAID_CHARACTERS, type SaidInSession } from '../../memories/sources.js';
import { MEMORY_KEEPER } from '../../tasks/server-agents.js';
import { accepted } from './accepted.js';
import { DRAWING, drawingQuestion, drawnSchema } from './drawing-prompt.js';
import { drawingTask } from './rounds.js';

/** Notes that the model is shown beside what was said. */
const MOST_KNOWN = 40;

const inputSchema = z.object({ session: z.uuid(), agent: z.string(), round: z.int() });

const [type = '', name = ''] = MEMORY_KEEPER.split('/');

@A2AAgent({
  type,
  name,
  description: 'Keeps what users say of themselves, for agents with memory. The server begins its tasks.',
  internal: true,
})
export class MemoryKeeper extends ContextAgentBaseService {
  protected override readonly context = DRAWING;

  @Optional()
  @Inject(MemoriesService)
  private readonly memories?: MemoriesService;

  /** Whether there is a model to draw with. */
  get canDraw(): boolean {
    return !this.offline;
  }

  override async execute(task: TaskContext): Promise<Remark> {
    const { memories } = this;
    const { data: input } = inputSchema.safeParse(task.data);
    // Nobody else can give a task this id.
    if (memories === undefined || input === undefined || task.id !== drawingTask(input)) {
      throw new TaskRejectedError('Only the server itself begins tasks of this agent.');
    }
    const { session, agent } = input;
    // What is read is named and not kept: a conversation is in its session alone.
    const plan = await task.step('look', async () => {
      const source = await memories.source(session, agent);
      const said = source === undefined ? [] : await memories.said(source);
      const last = said.at(-1);
      if (source === undefined || last === undefined) return null;
      const scope: MemoryScope = { tenant: source.tenant, owner: source.owner, agent };
      const alike = await memories.search(scope, said.map(textIn).join('\n'), MOST_KNOWN);
      const latest = await memories.search(scope, '', MOST_KNOWN);
      const known = new Set([...alike, ...latest].map(({ id }) => id));
      return { source, to: last.seq, known: [...known] };
    });
    if (plan === null) return aside('Nothing new was said.');
    const { source, to, known: ids } = plan;
    const scope: MemoryScope = { tenant: source.tenant, owner: source.owner, agent };
    const said = await memories.said(source, to);
    const found = await memories.byIds(scope, ids);
    const known = ids.map((id) => found.get(id));
    const texts = said.map(textIn);
    const { object } = await this.generate(task, drawingQuestion(known, texts), { name: 'draw', schema: drawnSchema });
    const { notes, forgotten } = accepted(object, known, texts);
    const kept = await task.step('keep', ({ idempotencyKey }) =>
      memories.keepDrawn(
        scope,
        { source, to, key: idempotencyKey },
        {
          notes: notes.map(({ message, ...note }) => ({ ...note, messageId: said[message]?.messageId ?? '' })),
          forgotten,
        },
      ),
    );
    return aside(kept ? `${notes.length} kept, ${forgotten.length} forgotten.` : 'Gone through already.');
  }
}

function textIn({ text }: SaidInSession): string {
  return cut(text, SAID_CHARACTERS);
}

/** Said of the task, and no part of the conversation. */
function aside(text: string): Remark {
  return new Remark([{ text }], []);
}
