/** Ids of a remote agent's artifacts that none of ours could have: the artifact has another one, the same for each of its chunks. */
import { expect, it } from 'vitest';
import type { Artifact } from '@a2a-js/sdk';
import type { ArtifactInput } from '@continuo/agent/internal/agents/task-context.js';
import { Mirror } from '../../src/agents/external/mirror.js';

const part = (value: string): Artifact['parts'][number] => {
  return { content: { $case: 'text', value }, metadata: undefined, filename: '', mediaType: '' };
};

/** The ids under which the artifacts of these updates are shown, and what they hold. */
async function shown(updates: readonly (readonly [id: string, text: string, append: boolean])[]) {
  const artifacts: { readonly id: string; said: string }[] = [];
  const stream = ({ artifactId = 'none' }: ArtifactInput = {}) => {
    const artifact = { id: artifactId, said: '' };
    artifacts.push(artifact);
    const write = async (parts: unknown): Promise<void> => {
      artifact.said += (parts as readonly { readonly text: string }[]).map(({ text }) => text).join('');
    };
    return { artifactId, write, end: async (): Promise<void> => undefined };
  };
  const mirror = new Mirror({ stream, progress: async () => undefined }, {});
  for (const [artifactId, text, append] of updates) {
    const artifact = {
      artifactId,
      name: '',
      description: '',
      parts: [part(text)],
      metadata: undefined,
      extensions: [],
    };
    const value = { taskId: 't', contextId: 'c', artifact, append, lastChunk: false, metadata: undefined };
    await mirror.event({ payload: { $case: 'artifactUpdate', value } });
  }
  return artifacts;
}

it('an ordinary id stays', async () => {
  expect(await shown([['report', 'a', false]])).toEqual([{ id: 'report', said: 'a' }]);
});

it.each([
  ['nothing', ''],
  ['too long', 'x'.repeat(501)],
  ['NUL', 'a\0'],
])('%s is replaced', async (_, id) => {
  const [artifact, ...others] = await shown([
    [id, 'a', false],
    [id, 'b', true],
  ]);
  expect(others).toEqual([]);
  expect(artifact).toEqual({ id: expect.stringMatching(/^[\da-f-]{36}$/), said: 'ab' });
});
