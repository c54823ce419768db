/** The card of an agent as clients are given it: checked, and as a tree. */
import { Alert, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { cardFlaws } from '@continuo/client/card';
import { fieldsOf, textIn } from '@continuo/client/facts';
import { authorization } from '../../../api/credentials.js';
import { Failed, Loading } from '../../../components/conditions.js';
import { CopyText } from '../../../components/copy-text.js';
import { DotLabel } from '../../../components/dot-label.js';
import { JsonView } from '../../../components/rendered/json-view.js';
import '../../../components/rendered/rendered.css';
import { workbenchTexts as texts } from '../../../texts/workbench.js';

/** `url`: the agent's own address, without a slash at its end. */
export function CardView({ url }: { readonly url: string }) {
  const address = `${url}/.well-known/agent-card.json`;
  const card = useQuery({ queryKey: ['agent-card', address], queryFn: ({ signal }) => readCard(address, signal) });
  if (card.error !== null && card.data === undefined) return <Failed error={card.error} />;
  if (card.data === undefined) return <Loading />;
  const value = card.data;
  const flaws = cardFlaws(value);
  return (
    <Stack gap="md">
      <Group gap={4} wrap="nowrap">
        <Text size="sm" ff="monospace" className="any-line">
          {address}
        </Text>
        <CopyText text={address} label={texts.copyCardUrl} />
      </Group>
      <section aria-label={texts.checks}>
        <Title order={2}>{texts.checks}</Title>
        <Stack gap={6} mt="sm">
          {flaws.length === 0 ? <DotLabel colour="teal.6" label={texts.cardRight} /> : null}
          {factsOf(value).map((fact) => (
            <Text key={fact} size="sm" className="any-line">
              {fact}
            </Text>
          ))}
        </Stack>
        {flaws.length === 0 ? null : (
          <Alert color="red" mt="sm" title={texts.cardWrong(flaws.length)}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{texts.field}</Table.Th>
                  <Table.Th>{texts.expected}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {flaws.map(({ field, message }) => (
                  <Table.Tr key={`${field} ${message}`}>
                    <Table.Td ff="monospace">{field}</Table.Td>
                    <Table.Td>{message}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Alert>
        )}
      </section>
      <JsonView value={value} />
    </Stack>
  );
}

/** What a card needn't have, and a reader wants to know. */
function factsOf(value: unknown): readonly string[] {
  const card = fieldsOf(value) ?? {};
  const interfaces = listOf(card['supportedInterfaces']).map((one) => {
    const { protocolBinding, protocolVersion } = fieldsOf(one) ?? {};
    return `${String(protocolBinding)} ${String(protocolVersion)}`;
  });
  const skills = listOf(card['skills']);
  const withExamples = skills.filter((skill) => listOf(fieldsOf(skill)?.['examples']).length > 0).length;
  return [
    texts.ofVersion(textIn(card, 'version') ?? '–'),
    texts.interfaces(interfaces.join(' · ')),
    texts.skills(skills.length, withExamples),
    texts.signatures(listOf(card['signatures']).length),
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

async function readCard(address: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(address, { headers: await authorization(), credentials: 'omit', signal });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}
