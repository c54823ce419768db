/** What went over the wire, in order: requests, responses and events, each with its body, and requests as code. */
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState, useSyncExternalStore } from 'react';
import { fixed } from '../../../formats.js';
import { bytes } from '../../../components/download.js';
import { CodeBlock } from '../../../components/rendered/code-block.js';
import { JsonView } from '../../../components/rendered/json-view.js';
import '../../../components/rendered/rendered.css';
import { parsed } from '../../../tasks/said-as-part.js';
import { workbenchTexts as texts } from '../../../texts/workbench.js';
import { curlOf } from './as-code.js';
import { CallAsCode, type CodePlace } from './call-as-code.js';
import { MOST_CHARACTERS, MOST_ENTRIES, type WireEntry, type WireLog } from './wire-log.js';

export function WireView({ log, place }: { readonly log: WireLog; readonly place: CodePlace }) {
  const { entries, dropped } = useSyncExternalStore(log.watch, log.read);
  if (entries.length === 0) return <Text c="dimmed">{texts.nothing}</Text>;
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed">
          {texts.bound(MOST_ENTRIES, bytes(MOST_CHARACTERS))} {dropped === 0 ? null : texts.dropped(dropped)}
        </Text>
        <Button variant="default" size="xs" onClick={() => log.clear()}>
          {texts.clear}
        </Button>
      </Group>
      <ol className="wire" aria-label={texts.protocol}>
        {entries.map((entry) => (
          <li key={entry.number}>
            <Entry entry={entry} place={place} />
          </li>
        ))}
      </ol>
    </Stack>
  );
}

/** What is folded isn't drawn: a stream has hundreds of them. */
function Entry({ entry, place }: { readonly entry: WireEntry; readonly place: CodePlace }) {
  const { kind, title, at, failed } = entry;
  const [open, setOpen] = useState(kind === 'response' || kind === 'error');
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Badge color={failed ? 'red' : undefined}>{texts.kinds[kind]}</Badge>
        <span className="wire-title">{texts.titles[title] ?? title}</span>
        <span className="wire-time">{`+${fixed(at, at < 10 ? 1 : 0)} ms`}</span>
      </summary>
      {open ? <Content entry={entry} place={place} /> : null}
    </details>
  );
}

function Content({ entry, place }: { readonly entry: WireEntry; readonly place: CodePlace }) {
  const { headers, text, length, call, request } = entry;
  const value = parsed(text);
  return (
    <Stack gap="sm" p="sm">
      {headers.length === 0 ? null : (
        <CodeBlock text={headers.map((header) => header.join(': ')).join('\n')} language="" />
      )}
      {text === '' ? (
        headers.length === 0 ? (
          <Text c="dimmed">{texts.noBody}</Text>
        ) : null
      ) : value === undefined ? (
        <CodeBlock text={text} language="" />
      ) : (
        <JsonView value={value} text={text} />
      )}
      {length === text.length ? null : (
        <Text size="sm" c="dimmed" fs="italic">
          {texts.cut(bytes(text.length), bytes(length))}
        </Text>
      )}
      {call === undefined ? null : <CallAsCode {...call} {...place} />}
      {request === undefined || call !== undefined ? null : (
        <div className="as-code">
          <CodeBlock text={curlOf(request, place.signed)} language="bash" />
          {place.signed ? (
            <Text size="sm" c="dimmed">
              {texts.codeHint}
            </Text>
          ) : null}
        </div>
      )}
    </Stack>
  );
}
