/** One call as curl, as programs, and over gRPC: to be copied and run. */
import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { CodeBlock } from '../../../components/rendered/code-block.js';
import { workbenchTexts as texts } from '../../../texts/workbench.js';
import { asClient, asCurl, asGrpcurl, asSdk, type CodeCall } from './as-code.js';
import type { Target, Trial } from './wire-request.js';

export interface CodePlace extends Pick<CodeCall, 'agent' | 'server' | 'signed'> {
  /** `host:port`, where the card has one. */
  readonly grpc: string | undefined;
}

const forms = { curl: 'curl', sdk: '@a2a-js/sdk', client: '@continuo/client', grpcurl: 'grpcurl' } as const;
type Form = keyof typeof forms;

export function CallAsCode({
  trial,
  target,
  agent,
  server,
  signed,
  grpc,
}: CodePlace & { readonly trial: Trial; readonly target: Target }) {
  const [form, setForm] = useState<Form>('curl');
  const code = useMemo(() => {
    const call = { trial, target, agent, server, signed };
    if (form === 'curl') return asCurl(call);
    if (form === 'sdk') return asSdk(call);
    if (form === 'client') return asClient(call);
    return asGrpcurl(call, grpc ?? '', location.protocol === 'http:');
  }, [form, trial, target, agent, server, signed, grpc]);
  return (
    <Stack gap="xs" className="as-code">
      <SegmentedControl
        size="xs"
        aria-label={texts.code}
        data={Object.entries(forms)
          .filter(([value]) => value !== 'grpcurl' || grpc !== undefined)
          .map(([value, label]) => ({ value, label }))}
        value={form}
        onChange={(chosen) => setForm(chosen as Form)}
      />
      <CodeBlock text={code} language={form === 'curl' || form === 'grpcurl' ? 'bash' : 'javascript'} />
      <Text size="sm" c="dimmed">
        {form === 'grpcurl' ? texts.grpcHint : null} {signed ? texts.codeHint : null}
      </Text>
    </Stack>
  );
}
