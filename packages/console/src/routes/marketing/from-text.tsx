/** Fills the form of a brief from a text that somebody has already, or from a page; what it replaced can be had again. */
import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconClipboardText } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useDraft } from '../../components/use-draft.js';
import { texts } from '../../texts.js';
import { marketingTexts } from '../../texts/marketing.js';
import { withScheme } from './brief-rules.js';
import { briefInText, textOfPage, type BriefFields } from './brief.js';

interface FromTextProps {
  readonly brief: BriefFields;
  readonly onFill: (fields: Partial<BriefFields>) => void;
}

export function FromText({ brief, onFill }: FromTextProps) {
  const [open, setOpen] = useState(false);
  const [text, setText, dropText] = useDraft('text of a brief', '');
  const [told, setTold] = useState('');
  const [before, setBefore] = useState<BriefFields>();
  const { fromText } = marketingTexts;
  const [address, setAddress] = useState('');
  const page = useMutation({
    mutationFn: (url: string) => call('readPageText', { body: { url } }),
    onSuccess: (read) => {
      const said = textOfPage(read);
      setText(said);
      fill(said);
    },
  });
  const readPage = (): void => {
    if (address.trim() !== '' && !page.isPending) page.mutate(withScheme(address));
  };
  const fill = (from: string): void => {
    const found = briefInText(from);
    const names = Object.keys(found).flatMap((name) => labels[name] ?? []);
    if (names.length === 0) return setTold(fromText.nothing);
    setBefore(brief);
    onFill(found);
    dropText();
    setOpen(false);
    return setTold(fromText.filled(names.join(', ')));
  };
  return (
    <Stack gap="xs">
      {open ? (
        <>
          <Group align="flex-end" gap="xs">
            <TextInput
              label={fromText.page}
              type="url"
              placeholder={marketingTexts.examples.url}
              value={address}
              onChange={(event) => {
                setAddress(event.currentTarget.value);
                page.reset();
              }}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                // It stands in the form of the brief, which is not to be sent by it.
                event.preventDefault();
                readPage();
              }}
              flex={1}
              miw={220}
            />
            <Button variant="default" loading={page.isPending} disabled={address.trim() === ''} onClick={readPage}>
              {fromText.read}
            </Button>
          </Group>
          {page.error === null ? null : (
            <Text size="sm" c="var(--mantine-color-error)" role="alert" className="any-line">
              {fromText.unread} {page.error.message.replace(/^url: /, '')}
            </Text>
          )}
          <Textarea
            label={fromText.label}
            description={fromText.hint}
            autosize
            minRows={4}
            maxRows={16}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoFocus
          />
          <Group gap="xs">
            <Button variant="default" disabled={text.trim() === ''} onClick={() => fill(text)}>
              {fromText.fill}
            </Button>
            <Button variant="subtle" color="gray" onClick={() => setOpen(false)}>
              {texts.common.cancel}
            </Button>
          </Group>
        </>
      ) : (
        <div>
          <Button
            variant="default"
            leftSection={<IconClipboardText size={16} aria-hidden />}
            onClick={() => {
              setOpen(true);
              setTold('');
            }}
          >
            {fromText.open}
          </Button>
        </div>
      )}
      <Group gap="xs" role="status">
        {told === '' ? null : <Text size="sm">{told}</Text>}
        {told === '' || before === undefined ? null : (
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => {
              onFill(before);
              setBefore(undefined);
              setTold('');
            }}
          >
            {fromText.undo}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

const labels: Readonly<Record<string, string>> = {
  product: marketingTexts.product,
  audience: marketingTexts.audience,
  goal: marketingTexts.goal,
  channels: marketingTexts.channels,
  tone: marketingTexts.tone,
  language: marketingTexts.language,
  startDate: marketingTexts.startDate,
  budget: marketingTexts.budget,
  url: marketingTexts.url,
  claims: marketingTexts.claims,
  keywords: marketingTexts.keywords,
};
