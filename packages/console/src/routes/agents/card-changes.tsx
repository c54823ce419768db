/** What the card of a connected agent says otherwise than the known one, field by field, and accepting it. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ChangesOfCard } from '@continuo/client';
import { call } from '../../api/client.js';
import { ChangedWords, wordChanges } from '../../components/changed-words.js';
import { Failed, Loading } from '../../components/conditions.js';
import { Dialog } from '../../components/dialog.js';
import { dateText } from '../../formats.js';
import { texts as allTexts } from '../../texts.js';
import { externalAgentTexts as texts } from '../../texts/external-agents.js';
import { readAgentsAnew } from './external-agent-queries.js';

interface CardChangesProps {
  readonly name: string;
  readonly agent: string;
  readonly onClose: () => void;
}

export function CardChanges({ name, agent, onClose }: CardChangesProps) {
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ['card-changes', name],
    queryFn: ({ signal }) => call('getCardChanges', { path: { name } }, signal),
    // What is accepted is what was looked at: it doesn't change below somebody's eyes.
    staleTime: Infinity,
    gcTime: 0,
  });
  const accept = useMutation({
    mutationFn: (digest: string) => call('acceptCard', { path: { name }, body: { digest } }),
    onSuccess: () => leave(),
    onError: () => found.refetch(),
  });
  const leave = (): void => {
    onClose();
    void readAgentsAnew(client);
  };
  const { data } = found;
  const digest = data?.changed === true ? data.digest : undefined;
  return (
    <Dialog onClose={leave} title={texts.changesOf(agent)} size="lg">
      <Stack>
        {data === undefined && found.error === null ? <Loading /> : null}
        {data === undefined && found.error !== null ? (
          <Failed error={found.error} retry={() => void found.refetch()} />
        ) : null}
        {data === undefined ? null : <Changes found={data} />}
        {accept.error === null ? null : (
          <Text size="sm" c="red" role="alert" className="any-line">
            {accept.error.message}
          </Text>
        )}
        {digest === undefined ? null : (
          <Text size="sm" c="dimmed">
            {texts.acceptHint}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={leave}>
            {allTexts.common.close}
          </Button>
          {digest === undefined ? null : (
            <Button loading={accept.isPending} onClick={() => accept.mutate(digest)}>
              {texts.accept}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

function Changes({ found: { knownAt, changed, error, changes } }: { readonly found: ChangesOfCard }) {
  if (error !== undefined) {
    return (
      <Text size="sm" role="alert" className="any-line">
        {texts.unreadable}: {error}
      </Text>
    );
  }
  if (!changed) return <Text size="sm">{texts.sameCard}</Text>;
  return (
    <>
      <Text size="sm">
        {knownAt === undefined ? null : texts.comparedWith(dateText(new Date(knownAt)))}
        {changes.length === 0 ? ` ${texts.otherwiseChanged}` : null}
      </Text>
      {changes.map(({ field, before, after }) => (
        <section key={field} aria-label={field}>
          <Text size="sm" className="any-line">
            <Text span inherit ff="monospace" fw={500}>
              {field}
            </Text>
            {before === undefined ? ` · ${texts.newField}` : after === undefined ? ` · ${texts.goneField}` : ''}
          </Text>
          <Text component="div" size="sm">
            <ChangedWords changes={wordChanges(before ?? '', after ?? '')} />
          </Text>
        </section>
      ))}
    </>
  );
}
