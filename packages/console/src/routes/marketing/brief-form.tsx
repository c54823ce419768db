/** The form of a brief. It says what the swarm would refuse; what is in it stays in this browser until it is sent. */
import {
  Autocomplete,
  Button,
  Group,
  NumberInput,
  SimpleGrid,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState, type ChangeEvent, type FormEvent } from 'react';
import { isSame } from '../../components/typed-since.js';
import { useDraft } from '../../components/use-draft.js';
import { complain, useSay } from '../../tasks/actions.js';
import { marketingTexts } from '../../texts/marketing.js';
import { problemsIn, withScheme } from './brief-rules.js';
import { emptyBrief, toBrief, type BriefFields } from './brief.js';
import { SWARM } from './campaigns.js';
import { ChannelTiles } from './channel-tiles.js';
import { FromText } from './from-text.js';

interface BriefFormProps {
  /** The name of the draft. */
  readonly draft: string;
  /** What stands in it before anybody has changed it. */
  readonly initial: BriefFields;
  /** What is wrong is said from the start, and not only when it is sent. */
  readonly strict: boolean;
}

type Line = 'product' | 'audience' | 'goal' | 'tone' | 'language' | 'url' | 'startDate' | 'currency';

const examples: Readonly<Partial<Record<Line, string>>> = marketingTexts.examples;

export function BriefForm({ draft, initial, strict }: BriefFormProps) {
  const navigate = useNavigate();
  const [kept, setBrief, , settleBrief] = useDraft(draft, initial);
  // An older console may have kept fewer fields.
  const brief = { ...emptyBrief, ...kept };
  const [checked, setChecked] = useState(strict);
  const form = useRef<HTMLFormElement>(null);
  const problems = problemsIn(brief, today());
  const shown = checked ? problems : {};
  const say = useSay();
  const start = useMutation({
    mutationFn: (_sent: BriefFields) =>
      say({ agent: SWARM, parts: [{ data: toBrief({ ...brief, url: withScheme(brief.url) }) }] }),
    onSuccess: async ({ id }, sent) => {
      await navigate({ to: '/marketing/$id', params: { id } });
      settleBrief((now) => (isSame(now, sent) ? initial : now));
    },
    onError: complain,
  });
  const set = (part: Partial<BriefFields>): void => setBrief((before) => ({ ...before, ...part }));
  const line = (name: Line) => ({
    label: marketingTexts[name],
    value: brief[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => set({ [name]: event.currentTarget.value }),
    error: shown[name],
    // Beside an error it would look like what was written.
    placeholder: shown[name] === undefined ? examples[name] : undefined,
  });
  /** What people choose most stands there; anything else can be written. */
  const offered = (name: 'tone' | 'language') => ({
    ...line(name),
    data: [...marketingTexts.offered[name]],
    onChange: (value: string) => set({ [name]: value }),
  });
  const lines = (name: 'claims' | 'keywords') => ({
    label: marketingTexts[name],
    description: marketingTexts.lines,
    autosize: true,
    minRows: 2,
    maxRows: 8,
    value: brief[name],
    onChange: (event: ChangeEvent<HTMLTextAreaElement>) => set({ [name]: event.currentTarget.value }),
    error: shown[name],
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (Object.keys(problems).length === 0) start.mutate(kept);
    // The errors are there when the next frame is drawn.
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  };
  return (
    <form noValidate ref={form} className="panel" style={{ padding: 20 }} onSubmit={submit}>
      <Stack gap="md">
        <FromText brief={brief} onFill={set} />
        <TextInput {...line('product')} description={marketingTexts.productHint} required />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput {...line('audience')} required />
          <TextInput {...line('goal')} required />
        </SimpleGrid>
        <ChannelTiles chosen={brief.channels} onChange={(channels) => set({ channels })} error={shown.channels} />
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Autocomplete {...offered('tone')} />
          <Autocomplete {...offered('language')} />
          <TextInput {...line('startDate')} type="date" min={today()} />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <NumberInput
            label={marketingTexts.budget}
            min={0}
            value={brief.budget}
            onChange={(budget) => set({ budget })}
            error={shown.budget}
          />
          <TextInput {...line('currency')} maxLength={3} />
          <TextInput {...line('url')} type="url" onBlur={() => set({ url: withScheme(brief.url) })} />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Textarea {...lines('claims')} />
          <Textarea {...lines('keywords')} />
        </SimpleGrid>
        <Switch
          label={marketingTexts.approval}
          checked={brief.approval}
          onChange={(event) => set({ approval: event.currentTarget.checked })}
        />
        <Group>
          <Button type="submit" loading={start.isPending}>
            {marketingTexts.start}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Where the user is. */
function today(): string {
  const now = new Date();
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
