/** Parts on their way to a remote agent are what they were. */
import { Message } from '@a2a-js/sdk';
import { expect, it } from 'vitest';
import { toSdkMessage } from '../../src/agents/external/wire.js';

it('goes out with all of its parts, null among them', () => {
  const parts = [{ text: 'a' }, { data: null }, { data: [1, null] }, { url: 'https://example.com/a' }];
  expect(Message.toJSON(toSdkMessage(parts, { messageId: 'm' }))).toMatchObject({ messageId: 'm', parts });
});
