/** Trying an agent: a message in any binding and version that its card offers, and what goes over the wire. */
import './workbench.css';
import { Alert, Button, Group, Stack, Tabs, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { AgentList } from '@continuo/client';
import { INPUT_EXTENSION } from '@continuo/client/extensions';
import { fieldsIn } from '@continuo/client/facts';
import { fieldsOf, filledFirst, objectIn, type Field } from '../../../components/json-schema.js';
import { signedInWith } from '../../../api/credentials.js';
import { apiAddress } from '../../../api/place.js';
import { toPart } from '../../../tasks/said-as-part.js';
import { workbenchTexts as texts } from '../../../texts/workbench.js';
import { CardView } from './card-view.js';
import { readAnswers, type Answered } from './read-answers.js';
import { sendOnWire } from './send-on-wire.js';
import { TryForm, type Draft } from './try-form.js';
import { WireLog } from './wire-log.js';
import { WireView } from './wire-view.js';
import { offeredBy, type Offered, type Trial } from './wire-request.js';

type Card = AgentList['agents'][number]['card'];

interface WorkbenchProps {
  /** `type/name`. */
  readonly agent: string;
  readonly card: Card;
  /** What the page shows of the agent. */
  readonly about: ReactNode;
}

export function Workbench({ agent, card, about }: WorkbenchProps) {
  const offered = offeredBy(card);
  const [tab, setTab] = useState<string | null>('about');
  const [fields] = useState(() => fieldsOfData(card));
  const [draft, setDraft] = useState(() => firstDraft(card, offered, fields));
  const [log] = useState(() => new WireLog());
  const [answered, setAnswered] = useState<Answered>();
  const [sending, setSending] = useState(false);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const server = apiAddress('/').replace(/\/$/, '');
  const place = {
    agent,
    server,
    signed: signedInWith() !== undefined,
    grpc: card.supportedInterfaces.find(({ protocolBinding }) => protocolBinding === 'GRPC')?.url,
  };
  const send = async (trial: Trial): Promise<void> => {
    const controller = (running.current = new AbortController());
    setSending(true);
    setAnswered(undefined);
    const target = { url: `${server}/agents/${agent}`, binding: draft.binding, version: draft.version };
    try {
      setAnswered(readAnswers(await sendOnWire(trial, target, log, controller.signal)));
    } finally {
      setSending(false);
    }
  };
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
      <Tabs.List aria-label={texts.views} className="one-row-tabs">
        <Tabs.Tab value="about">{texts.about}</Tabs.Tab>
        <Tabs.Tab value="try">{texts.tryIt}</Tabs.Tab>
        <Tabs.Tab value="protocol">{texts.protocol}</Tabs.Tab>
        <Tabs.Tab value="card">{texts.card}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="about" pt="md">
        <Stack gap="md">{about}</Stack>
      </Tabs.Panel>
      <Tabs.Panel value="try" pt="md">
        <Stack gap="md">
          <section className="panel" style={{ padding: 20 }}>
            <TryForm
              fields={fields}
              offered={offered}
              draft={draft}
              onDraft={(changed) => setDraft((before) => ({ ...before, ...changed }))}
              sending={sending}
              onSend={(trial) => void send(trial)}
              onStop={() => running.current?.abort()}
            />
          </section>
          <div aria-live="polite">
            {answered === undefined ? null : (
              <Answer
                answered={answered}
                onContinue={(contextId) => setDraft((before) => ({ ...before, contextId }))}
                onProtocol={() => setTab('protocol')}
              />
            )}
          </div>
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="protocol" pt="md">
        <section className="panel" style={{ padding: 20 }}>
          <WireView log={log} place={place} />
        </section>
      </Tabs.Panel>
      <Tabs.Panel value="card" pt="md">
        <section className="panel" style={{ padding: 20 }}>
          <CardView url={`${server}/agents/${agent}`} />
        </section>
      </Tabs.Panel>
    </Tabs>
  );
}

interface AnswerProps {
  readonly answered: Answered;
  readonly onContinue: (contextId: string) => void;
  readonly onProtocol: () => void;
}

function Answer({ answered: { taskId, contextId, state, text, error }, onContinue, onProtocol }: AnswerProps) {
  return (
    <section className="panel" style={{ padding: 20 }} aria-label={texts.answer}>
      <Stack gap="sm">
        {error === undefined ? null : (
          <Alert color="red" title={texts.refused}>
            {error}
          </Alert>
        )}
        {state === undefined ? null : (
          <Text size="sm" ff="monospace">
            {state}
          </Text>
        )}
        {error === undefined ? <Text className="any-line">{text === '' ? texts.noText : text}</Text> : null}
        <Group gap="xs">
          {taskId === undefined ? null : (
            <Button
              variant="default"
              size="xs"
              renderRoot={(props) => <Link to="/tasks/$id" params={{ id: taskId }} {...props} />}
            >
              {texts.openTask}
            </Button>
          )}
          {contextId === undefined ? null : (
            <Button variant="default" size="xs" onClick={() => onContinue(contextId)}>
              {texts.goOn}
            </Button>
          )}
          <Button variant="default" size="xs" onClick={onProtocol}>
            {texts.seeWire}
          </Button>
        </Group>
      </Stack>
    </section>
  );
}

/** Undefined where the card doesn't say which data the agent takes, or where that is no object. */
function fieldsOfData({ capabilities }: Card): readonly Field[] | undefined {
  const input = capabilities.extensions?.find(({ uri }) => uri === INPUT_EXTENSION);
  const schema = fieldsIn(fieldsIn(input, 'params'), 'schema');
  return schema === undefined || objectIn(schema) === undefined ? undefined : fieldsOf(schema);
}

/** An example of the card says whether the agent takes text or data. */
function firstDraft(card: Card, [first]: readonly Offered[], fields: readonly Field[] | undefined): Draft {
  const example = card.skills.flatMap(({ examples = [] }) => examples)[0] ?? '';
  const { data } = toPart(example);
  return {
    binding: first?.binding ?? 'JSONRPC',
    version: first?.version ?? '1.0',
    streaming: card.capabilities.streaming === true,
    content: fields !== undefined ? 'form' : data === undefined ? 'text' : 'data',
    text: data === undefined ? example : '',
    data: data === undefined ? '{}' : JSON.stringify(data, undefined, 2),
    filled: filledFirst(fields ?? []),
    file: undefined,
    contextId: '',
    taskId: '',
    modes: '',
  };
}
