/** Markdown of agents, who are not trusted: nothing runs, nothing is loaded. In blocks, so that a chunk draws only the last. */
import { memo, useMemo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { texts } from '../texts.js';
import { toBlocks, withoutFrontMatter } from './markdown-blocks.js';

const remarkPlugins = [remarkGfm];
const rehypePlugins = [rehypeSanitize];

const shared: Components = {
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

const sizes = [1, 2, 3, 4, 5, 6] as const;

/** Headings go below the heading that the text stands under, and look as they are meant. */
function componentsUnder(level: number): Components {
  const headings = sizes.map((size) => {
    const Tag = `h${Math.min(6, level + size)}` as 'h2';
    const Heading: Components['h1'] = ({ children }) => <Tag data-size={size}>{children}</Tag>;
    return [`h${size}`, Heading] as const;
  });
  return { ...shared, ...Object.fromEntries(headings) };
}

const componentsByLevel = sizes.map(componentsUnder);

interface MarkdownProps {
  readonly text: string;
  /** The level of the heading above it. */
  readonly under: number;
}

const Block = memo(function Block({ text, under }: MarkdownProps) {
  return (
    <div>
      <ReactMarkdown
        remarkPlugins={remarkPlugins}
        rehypePlugins={rehypePlugins}
        components={componentsByLevel[under - 1] ?? shared}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
});

export function Markdown({ text, under }: MarkdownProps) {
  const { front, body } = useMemo(() => withoutFrontMatter(text), [text]);
  const blocks = useMemo(() => toBlocks(body), [body]);
  return (
    <div className="document">
      {front === undefined ? null : (
        <details>
          <summary>{texts.common.frontMatter}</summary>
          <pre tabIndex={0}>{front}</pre>
        </details>
      )}
      {blocks.map((block, index) => (
        <Block key={index} text={block} under={under} />
      ))}
    </div>
  );
}
