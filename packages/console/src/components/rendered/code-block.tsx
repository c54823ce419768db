/** Code with its language, in colours, to be copied and wrapped. */
import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import { IconTextWrap } from '@tabler/icons-react';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { texts } from '../../texts.js';
import { CopyText } from '../copy-text.js';
import { startOf } from '../cut-text.js';
import { MOST_SHOWN, Truncated } from '../truncated.js';

/** Longer code stays plain: colouring it would make the page wait. */
const MOST_COLOURED = 50_000;

interface CodeBlockProps {
  readonly text: string;
  /** As the fence or the name of the file says it; '' where nobody does. */
  readonly language: string;
  /** Stands in the bar, before what can be done. */
  readonly more?: ReactNode;
}

export function CodeBlock({ text, language, more }: CodeBlockProps) {
  const [wrapped, setWrapped] = useState(false);
  const shown = startOf(text, MOST_SHOWN);
  const colours = useColours(shown, language);
  return (
    <div className="code-block">
      <Group className="code-bar" gap={2} wrap="nowrap">
        <Text size="xs" c="dimmed" className="one-line" flex={1}>
          {language === '' ? texts.common.code : language}
        </Text>
        {more}
        <Tooltip label={texts.common.wrap}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={texts.common.wrap}
            aria-pressed={wrapped}
            onClick={() => setWrapped((before) => !before)}
          >
            <IconTextWrap size={15} />
          </ActionIcon>
        </Tooltip>
        <CopyText text={text} label={texts.common.copyCode} size="sm" />
      </Group>
      <pre tabIndex={0} data-wrapped={wrapped || undefined}>
        <code>{colours ?? shown}</code>
      </pre>
      {shown.length === text.length ? null : <Truncated whole={text.length} />}
    </div>
  );
}

/** Undefined until the colours are there, and where there are none. */
function useColours(text: string, language: string): ReactNode | undefined {
  const [colour, setColour] = useState<typeof import('./languages.js').coloured>();
  const wanted = language !== '' && text.length <= MOST_COLOURED;
  useEffect(() => {
    if (!wanted) return undefined;
    let shown = true;
    // Without it the code is plain, and all of it is there.
    import('./languages.js').then(
      ({ coloured }) => shown && setColour(() => coloured),
      () => undefined,
    );
    return () => {
      shown = false;
    };
  }, [wanted]);
  return useMemo(() => (wanted ? colour?.(text, language.toLowerCase()) : undefined), [wanted, colour, text, language]);
}
