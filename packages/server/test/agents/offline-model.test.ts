/** The model that answers when none is configured. */
import { generateText, streamText, type ModelMessage } from 'ai';
import { expect, it } from 'vitest';
import { offlineModel as model } from '@continuo/agent/internal/agents/models/offline-model.js';

const conversation: ModelMessage[] = [
  { role: 'user', content: 'My name is Ada.' },
  { role: 'assistant', content: 'Hello Ada.' },
  { role: 'user', content: 'I live in Turin.' },
  { role: 'assistant', content: 'Noted.' },
  { role: 'user', content: 'Who am I?' },
];

it('says what it is, which variable to set, and that nothing was said before', async () => {
  const { text } = await generateText({ model, system: 'Be kind.', prompt: 'Good morning' });
  expect(text).toContain("Continuo's offline model");
  expect(text).toContain('no LLM is configured');
  expect(text).toContain('CONTINUO_MODEL');
  expect(text).toContain('first message of the session');
  expect(text).toContain('Good morning');
});

it('names the earlier turns of the user, in order, and answers the last', async () => {
  const { text } = await generateText({ model, messages: conversation });
  expect(text).toContain('You said earlier:\n1. My name is Ada.\n2. I live in Turin.\n');
  expect(text).not.toContain('first message');
  expect(text).toMatch(/You say now: Who am I\?$/);
});

it('gives the same answer each time, streamed in several pieces', async () => {
  const { text } = await generateText({ model, messages: conversation });
  const pieces: string[] = [];
  for await (const piece of streamText({ model, messages: conversation }).textStream) pieces.push(piece);
  expect(pieces.length).toBeGreaterThan(5);
  expect(pieces.join('')).toBe(text);
});
