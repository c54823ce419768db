/** A conversation with agents: what was said, what is being said, and where one says more. */
import './chat.css';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { ContinuoApiError } from '@continuo/client';
import { call } from '../../api/client.js';
import type { Part, Task } from '@continuo/client';
import { Failed, Loading } from '../../components/conditions.js';
import { startOf } from '../../components/cut-text.js';
import { usePageTitle } from '../../shell/page-title.js';
import { complain, useSay, type Said } from '../../tasks/actions.js';
import { toAnswer, toParts } from '../../tasks/said-as-part.js';
import { agentOf, fieldsOf, hasEnded, isWaiting, questionOf, stateOf, textOf } from '@continuo/client/facts';
import { texts } from '../../texts.js';
import { messagePages, oneSession, sessionTasks } from './chat-queries.js';
import { titleOf } from '../../components/session-title.js';
import { ChatLayout } from './chat-layout.js';
import { Composer, type Written } from './composer.js';
import { End } from './end.js';
import { ReplyChips } from './reply-chips.js';
import { Suggestions } from './suggestions.js';
import { TurnView } from './turn.js';
import { isOwn, turnsOf, type Turn } from './turns.js';
import { useBranches } from './use-branches.js';
import { useFirstAgent } from './use-first-agent.js';
import { useOnce } from '../../tasks/once.js';
import { useReply, type Reply } from './use-reply.js';
import { useTitle } from './use-title.js';

const LONGEST_TITLE = 80;
const NONE: readonly Task[] = [];
const newRoute = getRouteApi('/chat');
const route = getRouteApi('/chat/$id');

export function NewChatPage() {
  const first = useFirstAgent();
  const { agent = first, say: initial } = newRoute.useSearch();
  const navigate = newRoute.useNavigate();
  const say = useSay();
  // Whoever tries again does so in the session that was made before.
  const made = useRef<{ readonly title: string; readonly id: string }>(undefined);
  const once = useOnce();
  const begin = ({ text, files }: Written): Promise<void> => once(() => beginWith(toParts(text, files)));
  const beginWith = async (parts: readonly Part[]): Promise<void> => {
    try {
      const title = startOf(titleFor(parts, agent), LONGEST_TITLE);
      if (made.current?.title !== title) {
        // What was written is a title by itself, which the model may improve; data have none that people would read.
        const isWritten = textOf(parts).trim() !== '';
        const { id: opened } = await call('createSession', { body: isWritten || title === '' ? {} : { title } });
        made.current = { title, id: opened };
      }
      const { id } = made.current;
      await say({ agent, parts, sessionId: id });
      await navigate({ to: '/chat/$id', params: { id }, search: { agent } });
    } catch (error) {
      await removeRefused(error);
      if (error instanceof Error) complain(error);
      throw error;
    }
  };
  // What was refused leaves no empty chat behind; what got no answer may be in it.
  const removeRefused = async (error: unknown): Promise<void> => {
    if (!(error instanceof ContinuoApiError && error.status >= 400) || made.current === undefined) return;
    await call('deleteSession', { path: { id: made.current.id } }).then(
      () => (made.current = undefined),
      () => undefined,
    );
  };
  return (
    <ChatLayout>
      <Stack className="chat new-chat" gap="lg" px="md" pb="md">
        <Stack gap={4} ta="center">
          <Title order={1}>{texts.chat.start}</Title>
          <Text size="sm" c="dimmed">
            {texts.chat.startHint}
          </Text>
        </Stack>
        <Composer
          key={initial}
          agent={agent}
          onAgent={(next) => void navigate({ search: (before) => ({ ...before, agent: next }), replace: true })}
          place={initial ?? ''}
          initial={initial}
          onSend={begin}
        />
        <Suggestions agent={agent} onChoose={(text) => void begin({ text, files: [] }).catch(() => undefined)} />
      </Stack>
    </ChatLayout>
  );
}

export function ChatPage() {
  const { id } = route.useParams();
  return <Conversation key={id} sessionId={id} />;
}

function Conversation({ sessionId }: { readonly sessionId: string }) {
  const first = useFirstAgent();
  const { agent: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const say = useSay();
  const [sent, setSent] = useState(0);
  const session = useQuery(oneSession(sessionId));
  const pages = useInfiniteQuery(messagePages(sessionId));
  const tasks = useQuery(sessionTasks(sessionId));
  const messages = useMemo(() => pages.data?.pages.flatMap((page) => page.messages).toReversed() ?? [], [pages.data]);
  // Who was asked last; not who else has said something since.
  const agent = chosen ?? messages.findLast((said) => isOwn(said) && said.agent !== undefined)?.agent ?? first;
  const all = tasks.data?.tasks ?? NONE;
  const turns = useMemo(() => turnsOf(messages, all), [messages, all]);
  const working = turns.findLast(({ task }) => task !== undefined && goesOn(task))?.task;
  const reply = useReply(all);
  const [refused, setRefused] = useState<string>();
  const send = async (written: Written): Promise<void> => {
    const { to } = reply;
    if (to === undefined) {
      setRefused(texts.chat.choose);
      throw new Error(texts.chat.choose);
    }
    try {
      await say(to === 'new' ? toTask(written, agent, sessionId) : toQuestion(written, to));
      setRefused(undefined);
      setSent((before) => before + 1);
    } catch (error) {
      // What is wrong with an answer stands beside it.
      if (error instanceof ContinuoApiError && error.status === 400 && to !== 'new') setRefused(error.message);
      else if (error instanceof Error) complain(error);
      throw error;
    }
    await Promise.all([
      client.invalidateQueries({ queryKey: ['messages', sessionId] }),
      client.invalidateQueries({ queryKey: ['tasks', 'session', sessionId] }),
    ]);
  };
  const box = useRef<HTMLTextAreaElement>(null);
  const [edited, setEdited] = useState<string>();
  const canAsk = (turn: Turn): boolean => turn.asked !== undefined && (turn !== turns[0] || !pages.hasNextPage);
  const choose: Reply['choose'] = (to) => {
    reply.choose(to);
    setRefused(undefined);
  };
  const answer = (task: Task): void => {
    choose(task);
    box.current?.focus();
  };
  usePageTitle(session.data === undefined ? undefined : titleOf(session.data));
  useTitle(sessionId, pages.hasNextPage ? undefined : turns);
  const { waysOf, ...branching } = useBranches(session.data, agent);
  const error = session.error ?? pages.error;
  if (error !== null && pages.data === undefined) return <Failed error={error} retry={() => void pages.refetch()} />;
  return (
    <ChatLayout shown={session.data}>
      <Stack className="chat" gap={0}>
        <Stack gap="lg" p={{ base: 'sm', sm: 'md' }} pb="xl" flex={1}>
          <Group justify="space-between" wrap="nowrap" className="chat-head">
            <Title order={1} className="one-line">
              {session.data === undefined ? '' : titleOf(session.data)}
            </Title>
            <Link to="/chat" search={{ agent }} className="quiet-link">
              {texts.chat.newChat}
            </Link>
          </Group>
          {pages.isPending ? <Loading /> : null}
          {pages.hasNextPage ? (
            <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {texts.chat.earlier}
            </Button>
          ) : null}
          <Stack gap="lg" role="log" aria-label={texts.chat.messages}>
            {turns.map((turn) => (
              <TurnView
                key={turn.key}
                turn={turn}
                ways={waysOf(turn)}
                canAsk={canAsk(turn)}
                {...branching}
                stoppedBelow={working !== undefined && turn.task === working}
                editing={turn.key === edited}
                onEdit={setEdited}
                onAnswer={reply.to !== 'new' && reply.to?.id === turn.task?.id ? undefined : answer}
              />
            ))}
          </Stack>
        </Stack>
        <div className="composer-place">
          <Composer
            agent={agent}
            onAgent={(next) => void navigate({ search: (before) => ({ ...before, agent: next }), replace: true })}
            place={sessionId}
            onSend={send}
            answering={reply.to !== 'new' && reply.to !== undefined}
            refused={refused}
            onType={() => setRefused(undefined)}
            box={box}
            working={working}
            onUp={() => setEdited(turns.findLast(canAsk)?.key)}
            head={<ReplyChips {...reply} choose={choose} />}
          />
        </div>
        <End sent={sent} />
      </Stack>
    </ChatLayout>
  );
}

/** Works, and waits for nobody. */
function goesOn(task: Task): boolean {
  const state = stateOf(task);
  return !hasEnded(state) && !isWaiting(state);
}

/** The first line; of data the agent and its first value, of files their names. */
function titleFor(parts: readonly Part[], agent: string): string {
  const line = textOf(parts).trim().split('\n')[0]?.trim() ?? '';
  if (line !== '') return line;
  const [first] = Object.entries(fieldsOf(parts.find(({ data }) => data !== undefined)?.data) ?? {});
  const name = agent.slice(agent.indexOf('/') + 1);
  const value = first === undefined || typeof first[1] === 'object' ? '' : ` ${JSON.stringify(first[1])}`;
  if (first !== undefined) return `${name} · ${first[0]}${value}`;
  return parts.flatMap(({ filename }) => filename ?? []).join(', ');
}

function toTask({ text, files }: Written, agent: string, sessionId: string): Said {
  return { agent, sessionId, parts: toParts(text, files) };
}

/** The task's own agent gets it, whoever is chosen for what is new. */
function toQuestion({ text, files }: Written, task: Task): Said {
  const own = text.trim() === '' ? [] : [toAnswer(text, questionOf(task)?.schema)];
  return { agent: agentOf(task), taskId: task.id, parts: [...own, ...files] };
}
