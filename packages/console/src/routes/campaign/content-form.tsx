/** The fields of a piece as a form: each text with what it counts and may have, lists that grow and shrink. */
import { ActionIcon, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { Content, Shape } from '@continuo/swarm/shape';
import { spelled } from '../../components/json-schema.js';
import { campaignTexts } from '../../texts/campaign.js';
import { isOver, limitOf } from './limits.js';

interface ContentFormProps {
  readonly content: Content;
  /** Undefined where the limits aren't known. */
  readonly shape: Shape | undefined;
  readonly label: string;
  readonly onChange: (content: Content) => void;
  /** The first field takes the focus. */
  readonly autoFocus?: boolean;
}

export function ContentForm({ content, shape, label, onChange, autoFocus = false }: ContentFormProps) {
  if (typeof content === 'string') return <TextField {...{ content, shape, label, onChange, autoFocus }} />;
  if (Array.isArray(content)) {
    const items = content as readonly Content[];
    return <ListFields items={items} {...{ shape, label, onChange, autoFocus }} />;
  }
  const members = content as Readonly<Record<string, Content>>;
  return (
    <Stack gap="sm">
      {Object.entries(members).map(([name, inside], index) => (
        <ContentForm
          key={name}
          content={inside}
          shape={shape?.kind === 'group' ? shape.fields[name] : undefined}
          label={label === '' ? spelled(name) : `${label}: ${spelled(name)}`}
          onChange={(changed) => onChange({ ...members, [name]: changed })}
          autoFocus={autoFocus && index === 0}
        />
      ))}
    </Stack>
  );
}

interface TextFieldProps extends ContentFormProps {
  readonly content: string;
}

function TextField({ content, shape, label, onChange, autoFocus = false }: TextFieldProps) {
  const limit = limitOf(shape, content);
  const excess = limit === undefined ? 0 : limit.length - limit.max;
  const error =
    limit === undefined || !isOver({ path: '', label, ...limit })
      ? undefined
      : excess > 0
        ? campaignTexts.tooLong(excess)
        : campaignTexts.empty;
  return (
    <Textarea
      label={label}
      autosize
      minRows={1}
      maxRows={24}
      value={content}
      error={error}
      data-autofocus={autoFocus || undefined}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      description={limit === undefined ? undefined : campaignTexts.count(limit.length, limit.max)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface ListFieldsProps extends Omit<ContentFormProps, 'content'> {
  readonly items: readonly Content[];
}

function ListFields({ items, shape, label, onChange, autoFocus = false }: ListFieldsProps) {
  const list = shape?.kind === 'list' ? shape : undefined;
  const [min, max] = [list?.min ?? 1, list?.max ?? Infinity];
  const [first] = items;
  return (
    <Stack gap="sm" role="group" aria-label={label}>
      {items.map((item, index) => {
        const name = campaignTexts.entry(label, index + 1);
        return (
          // An entry is known by its place alone.
          <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
            <div style={{ flex: 1, minWidth: 0 }}>
              <ContentForm
                content={item}
                shape={list?.of}
                label={name}
                onChange={(changed) => onChange(items.with(index, changed))}
                autoFocus={autoFocus && index === 0}
              />
            </div>
            {items.length > min ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                mt={26}
                aria-label={campaignTexts.remove(name)}
                onClick={() => onChange(items.filter((_, other) => other !== index))}
              >
                <IconX size={16} />
              </ActionIcon>
            ) : null}
          </Group>
        );
      })}
      <Group gap="sm">
        {first !== undefined && items.length < max ? (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange([...items, emptied(first)])}
          >
            {campaignTexts.add(label)}
          </Button>
        ) : null}
        {list === undefined || (items.length >= min && items.length <= max) ? null : (
          <Text size="sm" className="over">
            {campaignTexts.fewer(min, max)}
          </Text>
        )}
      </Group>
    </Stack>
  );
}

/** Another one of the same kind. */
function emptied(content: Content): Content {
  if (typeof content === 'string') return '';
  if (Array.isArray(content)) return (content as readonly Content[]).slice(0, 1).map(emptied);
  return Object.fromEntries(Object.entries(content).map(([name, inside]) => [name, emptied(inside)]));
}
