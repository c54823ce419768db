/** A page with a chat of `useChat`, as people build one; where it talks to stands in its address. */
import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport } from 'ai';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { ContinuoChatTransport } from '../../src/ai-sdk.js';

const given = new URL(location.href).searchParams;
const [server, agent, id] = ['server', 'agent', 'chat'].map((name) => given.get(name) ?? '');

const transport =
  given.get('transport') === 'default'
    ? new DefaultChatTransport({ api: `${server}/ai-sdk/${agent}` })
    : new ContinuoChatTransport({ url: server ?? '', agent: agent ?? '' });

function Chat() {
  const { messages, sendMessage, stop, status, error } = useChat({ ...(id && { id }), transport, resume: true });
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void sendMessage({ text });
        setText('');
      }}
    >
      {messages.map((message) => (
        <p key={message.id} className={message.role}>
          {message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')}
        </p>
      ))}
      <output>{error?.message ?? status}</output>
      <input aria-label="Message" value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <button type="submit">Send</button>
      <button type="button" onClick={() => void stop()}>
        Stop
      </button>
    </form>
  );
}

const root = document.createElement('main');
document.body.append(root);
createRoot(root).render(<Chat />);
