/** What was asked, what was done about it, and what was answered: as it is said and as it was said. */
import { memo, useState } from 'react';
import type { Artifact, Part, SessionMessage, Task } from '@continuo/client';
import { agentOf, contentOf, hasEnded, isWaiting, stateOf, textIn } from '@continuo/client/facts';
import { ANSWER, useTaskLog, type ShownArtifact } from '../../tasks/task-log.js';
import { Answer, type Answered } from './answer.js';
import { AsksOrEnds, asNewest, Made, MadeBefore } from './outcome.js';
import { OwnMessage } from './own-message.js';
import { Steps } from './steps.js';
import { agentNamed, isAnswered, isOwn, type Turn } from './turns.js';
import type { Branching } from './use-branches.js';
import { Working } from './working.js';
import { WaysSwitch } from './ways.js';

interface TurnViewProps extends Omit<Branching, 'waysOf'> {
  readonly turn: Turn;
  readonly ways: ReturnType<Branching['waysOf']>;
  /** Whether it is known what was said before, so that it can be asked anew. */
  readonly canAsk: boolean;
  /** Undefined where the box is for its answer already. */
  readonly onAnswer: ((task: Task) => void) | undefined;
  /** The composer stops it. */
  readonly stoppedBelow: boolean;
  /** Whether the message that it began with is being corrected. */
  readonly editing: boolean;
  /** With the key of the turn; undefined for none. */
  readonly onEdit: (key: string | undefined) => void;
}

export const TurnView = memo(function TurnView(props: TurnViewProps) {
  const { turn, ways, canAsk, onFork, onAsk, goTo, onAnswer, stoppedBelow, editing, onEdit } = props;
  const { task, items, said } = turn;
  const { made, stage } = useMade(turn);
  const state = task === undefined ? undefined : stateOf(task);
  const answers = items.filter(isAnswered).length;
  const written = new Map(made.filter(isAnswer).map((shown) => [contentOf(shown.artifact.parts), shown]));
  for (const content of said) written.delete(content);
  const others = made.filter((shown) => !isAnswer(shown) && !repeats(shown.artifact, said));
  const asked = turn.asked?.message.parts;
  const again = canAsk && asked !== undefined ? () => void onAsk(turn, asked).catch(() => undefined) : undefined;
  const regenerate = state === undefined || hasEnded(state) ? again : undefined;
  const ask = canAsk ? (parts: readonly Part[]) => onAsk(turn, parts) : undefined;
  const switcher = ways === undefined ? null : <WaysSwitch {...ways} goTo={goTo} />;
  const answer = (key: string, answered: Answered) => (
    <Answer key={key} {...answered} onFork={onFork} onRegenerate={regenerate} />
  );
  return (
    <section className="turn">
      {items.map((item) => {
        if (item.kind === 'steps') return <Steps key={item.key} calls={item.calls} others={item.others} />;
        if (!isOwn(item.said)) return answer(item.key, answeredBy(turn, item.said));
        const isFirst = item.said === turn.asked;
        return (
          <OwnMessage
            key={item.key}
            said={item.said}
            onAsk={isFirst ? ask : undefined}
            editing={isFirst && editing}
            onEdit={(now) => onEdit(now ? turn.key : undefined)}
            ways={isFirst ? switcher : null}
          />
        );
      })}
      {[...written.values()].map(({ artifact, complete }, index) =>
        answer(`answer ${answers + index}`, {
          // Whose answer an orchestrator has passed on.
          agent:
            textIn(artifact.metadata, 'agent') ??
            (turn.speaker === undefined ? agentNamed(turn) : agentOf(turn.speaker)),
          parts: artifact.parts,
          said: undefined,
          growing: !complete && state !== undefined && !hasEnded(state),
          artifact,
          task: turn.speaker,
        }),
      )}
      {task === undefined || state === undefined ? null : (
        <div className="outcome" data-live={hasEnded(state) ? undefined : task.id}>
          {hasEnded(state) ? <MadeBefore id={task.id} shown={others} /> : <Made shown={others} />}
          {hasEnded(state) || isWaiting(state) ? (
            <AsksOrEnds task={task} said={said} onAnswer={onAnswer && (() => onAnswer(task))} />
          ) : (
            <Working task={task} speaker={turn.speaker ?? task} stage={stage} stoppedBelow={stoppedBelow} />
          )}
        </div>
      )}
    </section>
  );
});

/** What has gone on while it was shown stays followed, so that nothing is gone between the end and what is read then. */
function useMade({ task, speaker }: Turn) {
  const goesOn = task !== undefined && !hasEnded(stateOf(task));
  const [logs, setLogs] = useState(goesOn);
  if (goesOn && !logs) setLogs(true);
  const delegate = speaker === task ? undefined : speaker?.id;
  const [spoke, setSpoke] = useState(delegate);
  if (delegate !== undefined && delegate !== spoke) setSpoke(delegate);
  const log = useTaskLog(logs ? task?.id : undefined);
  const words = useTaskLog(logs ? spoke : undefined);
  // Whether an answer of a task that goes on is whole, its log alone says.
  const read = (task?.artifacts ?? [])
    .map(asNewest)
    .map((shown) => (goesOn && isAnswer(shown) ? { ...shown, complete: false } : shown));
  const made = logs && log.events > 0 ? [...words.artifacts.filter(isAnswer), ...log.artifacts] : read;
  const { progress } = delegate === undefined ? log : words;
  return { made, stage: progress ?? log.progress };
}

function answeredBy(turn: Turn, said: SessionMessage): Answered {
  const task = turn.tasks.get(said.taskId ?? '');
  const content = contentOf(said.message.parts);
  const artifact = task?.artifacts?.find(({ parts }) => contentOf(parts) === content);
  return { agent: said.agent ?? '', parts: said.message.parts, said, growing: false, artifact, task };
}

function isAnswer({ artifact }: ShownArtifact): boolean {
  return artifact.name === ANSWER && artifact.parts.length > 0;
}

/** An answer is an artifact of its task and a message of the session: it is shown once. */
function repeats(artifact: Artifact, said: readonly string[]): boolean {
  const content = contentOf(artifact.parts);
  return content !== '' && said.includes(content);
}
