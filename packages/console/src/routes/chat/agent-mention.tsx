/** `@` in the box for messages: a list of agents, and the one that is taken is who the message goes to. */
import { Combobox, useCombobox } from '@mantine/core';
import { useEffect, useState, type ReactElement, type RefObject } from 'react';
import { texts } from '../../texts.js';
import { AgentOption, useAgentOptions } from './agent-options.js';

/** What is being written after an `@` that begins a word. */
const MENTION = /(?:^|\s)@([^\s@]*)$/;
const MOST = 8;

interface AgentMentionProps {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly onAgent: (agent: string) => void;
  readonly children: (mention: Mention) => ReactElement;
}

export interface Mention {
  /** To be called as soon as the text or the caret has changed. */
  readonly look: () => void;
  readonly close: () => void;
  /** The keys are the list's. */
  readonly open: boolean;
}

export function AgentMention({ box, onAgent, children }: AgentMentionProps) {
  const { names, describe, fits } = useAgentOptions();
  const [words, setWords] = useState<string>();
  const found = words === undefined ? [] : names.filter((name) => fits(name, words)).slice(0, MOST);
  const open = found.length > 0;
  const list = useCombobox({ opened: open, onDropdownClose: () => setWords(undefined) });
  const { selectFirstOption } = list;
  useEffect(() => void selectFirstOption(), [words, open, selectFirstOption]);
  const take = (name: string): void => {
    const mention = mentionAt(box.current);
    setWords(undefined);
    if (mention === undefined || box.current === null) return;
    // The caret stays where it is, and the box says itself what is in it now.
    box.current.setRangeText('', mention.start, mention.end, 'end');
    box.current.dispatchEvent(new Event('input', { bubbles: true }));
    onAgent(name);
  };
  return (
    <Combobox
      store={list}
      onOptionSubmit={take}
      position="top-start"
      width={340}
      withinPortal={false}
      transitionProps={{ duration: 0 }}
    >
      <Combobox.Target withKeyboardNavigation={open} withAriaAttributes={open}>
        {children({
          look: () => setWords(mentionAt(box.current)?.words),
          close: () => setWords(undefined),
          open,
        })}
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={texts.chat.agent} mah={260} style={{ overflowY: 'auto' }}>
          {found.map((name) => (
            <Combobox.Option key={name} value={name}>
              <AgentOption name={name} description={describe(name)} />
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function mentionAt(box: HTMLTextAreaElement | null) {
  if (box === null) return undefined;
  const end = box.selectionStart;
  const words = MENTION.exec(box.value.slice(0, end))?.[1];
  return words === undefined ? undefined : { words, start: end - words.length - 1, end };
}
