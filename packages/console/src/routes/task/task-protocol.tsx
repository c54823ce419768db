/** A task as clients of A2A see it: the answer to GetTask, and its stream from the first event on, as they go over the wire. */
import '../agent/workbench/workbench.css';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Task } from '@continuo/client';
import { agentOf } from '@continuo/client/facts';
import { useEffect, useState } from 'react';
import { signedInWith } from '../../api/credentials.js';
import { apiAddress } from '../../api/place.js';
import { workbenchTexts as texts } from '../../texts/workbench.js';
import { BindingChoice } from '../agent/workbench/binding-choice.js';
import { exchange } from '../agent/workbench/send-on-wire.js';
import { WireLog } from '../agent/workbench/wire-log.js';
import { WireView } from '../agent/workbench/wire-view.js';
import { bindings, offeredBy, taskRequest, versions, type Offered } from '../agent/workbench/wire-request.js';
import { agentList } from '../tasks/task-queries.js';

/** Of an agent that isn't listed: the server itself speaks them all. */
const all: readonly Offered[] = bindings.flatMap((binding) => versions.map((version) => ({ binding, version })));

export function TaskProtocol({ task: { id, metadata } }: { readonly task: Task }) {
  const agent = agentOf({ metadata });
  const card = useQuery(agentList).data?.agents.find((one) => `${one.type}/${one.name}` === agent)?.card;
  const [chosen, setChosen] = useState<Offered>({ binding: 'JSONRPC', version: '1.0' });
  const [asked, setAsked] = useState(0);
  const [log] = useState(() => new WireLog());
  const server = apiAddress('/').replace(/\/$/, '');
  const { binding, version } = chosen;
  useEffect(() => {
    const controller = new AbortController();
    const target = { url: `${server}/agents/${agent}`, binding, version };
    log.clear();
    void exchange(taskRequest(id, 'get', target), log, controller.signal).then(() =>
      controller.signal.aborted ? undefined : exchange(taskRequest(id, 'subscribe', target), log, controller.signal),
    );
    return () => controller.abort();
  }, [id, agent, server, binding, version, log, asked]);
  return (
    <section className="panel" style={{ padding: 20 }} aria-label={texts.protocol}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {texts.ofTask}
        </Text>
        <Group gap="lg" align="flex-end">
          <BindingChoice offered={card === undefined ? all : offeredBy(card)} chosen={chosen} onChoose={setChosen} />
          <Button variant="default" onClick={() => setAsked((before) => before + 1)}>
            {texts.askAgain}
          </Button>
        </Group>
        <WireView log={log} place={{ agent, server, signed: signedInWith() !== undefined, grpc: undefined }} />
      </Stack>
    </section>
  );
}
