/** What a check of a remote agent has found. */
import { Paper, Stack, Text } from '@mantine/core';
import type { CheckedCard } from '@continuo/client';
import { DotLabel } from '../../components/dot-label.js';
import { externalAgentTexts as texts } from '../../texts/external-agents.js';

export function FoundCard({ found }: { readonly found: CheckedCard }) {
  const { reachable, usable, error, name, version, description, interfaces, skills, signature, flaws } = found;
  const title = usable ? texts.usable : reachable ? texts.unusable : texts.unreachable;
  const spoken = interfaces.map((one) => {
    const said = texts.binding(one.binding, one.version);
    return one.usable ? said : `${said} (${texts.notSpoken})`;
  });
  const features = [
    ...(found.streaming ? [texts.streaming] : []),
    ...(found.pushNotifications ? [texts.push] : []),
    ...found.extensions,
  ];
  return (
    <Paper withBorder p="sm" role="status" aria-label={texts.found}>
      <Stack gap={6}>
        <DotLabel colour={usable ? 'teal.6' : 'red.7'} label={title} />
        {error === undefined ? null : (
          <Text size="sm" className="any-line">
            {error}
          </Text>
        )}
        {name === undefined ? null : (
          <Text size="sm" fw={600} className="any-line">
            {name}
            {version === undefined ? '' : ` ${version}`}
          </Text>
        )}
        {description === undefined ? null : (
          <Text size="sm" className="any-line" lineClamp={3}>
            {description}
          </Text>
        )}
        <Text size="xs" className="any-line" ff="monospace">
          {found.card}
        </Text>
        {reachable ? (
          <>
            <Line label={texts.bindings} values={spoken.length === 0 ? [texts.noBinding] : spoken} />
            <Line label={texts.skills} values={skills} />
            <Line label={texts.features} values={features} />
            <Line label={texts.schemes} values={found.securitySchemes} />
            {signature === undefined ? null : (
              <Line label={texts.signature} values={[texts.signatures[signature.state]]} />
            )}
          </>
        ) : null}
        {flaws.length === 0 ? null : (
          <details>
            <summary>
              <Text span size="sm">
                {texts.flaws(flaws.length)}
              </Text>
            </summary>
            <ul>
              {flaws.map(({ field, message }) => (
                <Text component="li" size="sm" key={`${field} ${message}`} className="any-line">
                  <Text span inherit ff="monospace">
                    {field}
                  </Text>
                  : {message}
                </Text>
              ))}
            </ul>
          </details>
        )}
      </Stack>
    </Paper>
  );
}

function Line({ label, values }: { readonly label: string; readonly values: readonly string[] }) {
  if (values.length === 0) return null;
  return (
    <Text size="sm" className="any-line">
      <Text span inherit fw={500}>
        {label}:
      </Text>{' '}
      {values.join(' · ')}
    </Text>
  );
}
