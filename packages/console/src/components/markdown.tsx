/** Markdown of agents, who are not trusted: nothing runs, nothing is loaded. In blocks, so that a chunk draws only the last. */
import { memo, useMemo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { texts } from '../texts.js';
import { toBlocks } from './markdown-blocks.js';

const remarkPlugins = [remarkGfm];
const rehypePlugins = [rehypeSanitize];

const components: Components = {
  a: ({ href, children }) =>
    href !== undefined && /^(https?:|mailto:)/i.test(href) ? (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  // A picture from elsewhere would tell its server who reads this, and when.
  img: ({ alt }) => <em>{alt === undefined || alt === '' ? texts.common.remoteImage : alt}</em>,
  input: ({ checked }) => <span aria-hidden>{checked === true ? '☑' : '☐'}</span>,
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
};

const Block = memo(function Block({ text }: { readonly text: string }) {
  return (
    <div>
      <ReactMarkdown remarkPlugins={remarkPlugins} rehypePlugins={rehypePlugins} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
});

export function Markdown({ text }: { readonly text: string }) {
  const blocks = useMemo(() => toBlocks(text), [text]);
  return (
    <div className="document">
      {blocks.map((block, index) => (
        <Block key={index} text={block} />
      ))}
    </div>
  );
}
