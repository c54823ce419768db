/** The request that a delivery is: its headers and its body, and the command that sends it by hand. */
import { Button, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { call } from '../../api/client.js';
import { curlHeaders, quoted } from '../../components/copied-code.js';
import { CodeBlock } from '../../components/rendered/code-block.js';
import { deliveryTexts } from '../../texts/webhooks.js';

export function DeliveryRequest({ id }: { readonly id: string }) {
  const [shown, setShown] = useState(false);
  const request = useQuery({
    queryKey: ['deliveries', 'request', id],
    queryFn: ({ signal }) => call('getDeliveryRequest', { path: { id } }, signal),
    enabled: shown,
    // Signed when it was asked for: receivers take a signature for some minutes.
    staleTime: 0,
    gcTime: 0,
  });
  if (!shown) {
    return (
      <Button variant="default" size="xs" onClick={() => setShown(true)}>
        {deliveryTexts.showRequest}
      </Button>
    );
  }
  if (request.data === undefined) {
    return request.error === null ? <Loader size="xs" /> : <Text size="sm">{request.error.message}</Text>;
  }
  const { url, headers, body } = request.data;
  return (
    <Stack gap="sm" role="group" aria-label={deliveryTexts.request}>
      <Text size="sm" fw={600} className="any-line">
        POST {url}
      </Text>
      <dl className="facts">
        {Object.entries(headers).map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
      <CodeBlock text={indented(body)} language="json" />
      <Text size="sm" fw={600}>
        curl
      </Text>
      <CodeBlock text={asCurl(url, headers, body)} language="bash" />
      <Text size="sm" c="dimmed">
        {deliveryTexts.curlHint}
      </Text>
    </Stack>
  );
}

/** What the server shows in place of credentials. */
const HIDDEN = '***';

/** What the receiver gets, byte for byte: the signature is of the body. */
function asCurl(url: string, headers: Readonly<Record<string, string>>, body: string): string {
  const known = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== HIDDEN));
  return [`curl -sS -i ${quoted(url)}`, ...curlHeaders(known), `  --data-binary ${quoted(body)}`].join(' \\\n');
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
