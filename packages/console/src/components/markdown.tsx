/** Markdown of agents, who are not trusted: nothing runs, nothing is loaded. In blocks, so that a chunk draws only the last. */
import './rendered/rendered.css';
import { memo, useMemo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { texts } from '../texts.js';
import { headingSizes, toBlocks, withoutFrontMatter } from './markdown-blocks.js';
import { later } from './later.js';
import { CodeBlock } from './rendered/code-block.js';
import { Diagram } from './rendered/diagram.js';
import { MarkdownTable } from './rendered/markdown-table.js';
import { formulaIn, withMarkedMath } from './rendered/math-marks.js';

const asTex = ({ tex }: { readonly tex: string }) => <code>{tex}</code>;
const Formula = later(() => import('./rendered/formula.js').then((loaded) => loaded.Formula), {
  waiting: asTex,
  missing: asTex,
});

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
  pre: ({ node, children }) => {
    const code = node?.children[0];
    if (code?.type !== 'element') return <pre tabIndex={0}>{children}</pre>;
    const text = code.children.map((child) => (child.type === 'text' ? child.value : '')).join('');
    const language = languageOf(code.properties['className']);
    const shown = text.replace(/\n$/, '');
    return language === 'mermaid' ? <Diagram text={shown} /> : <CodeBlock text={shown} language={language} />;
  },
  code: ({ children }) => {
    const formula = typeof children === 'string' ? formulaIn(children) : undefined;
    if (formula === undefined) return <code>{children}</code>;
    return <Formula {...formula} />;
  },
  table: ({ children }) => <MarkdownTable>{children}</MarkdownTable>,
};

function languageOf(className: unknown): string {
  const names: readonly unknown[] = Array.isArray(className) ? className : [];
  const name = names.find((one) => typeof one === 'string' && one.startsWith('language-'));
  return typeof name === 'string' ? name.slice('language-'.length) : '';
}

const sizes = [1, 2, 3, 4, 5, 6] as const;

const byLevels = new Map<string, Components>();

/** Headings go below the heading that the text stands under, without a gap, and look as they are meant. */
function componentsUnder(under: number, used: string): Components {
  const known = byLevels.get(`${under} ${used}`);
  if (known !== undefined) return known;
  const headings = sizes.map((size) => {
    const before = sizes.filter((other) => other < size && used.includes(String(other))).length;
    const Tag = `h${Math.min(6, under + before + 1)}` as 'h2';
    const Heading: Components['h1'] = ({ children }) => <Tag data-size={size}>{children}</Tag>;
    return [`h${size}`, Heading] as const;
  });
  const made = { ...shared, ...Object.fromEntries(headings) };
  byLevels.set(`${under} ${used}`, made);
  return made;
}

interface MarkdownProps {
  readonly text: string;
  /** The level of the heading above it. */
  readonly under: number;
}

const Block = memo(function Block({ text, under, used }: MarkdownProps & { readonly used: string }) {
  return (
    <div>
      <ReactMarkdown
        remarkPlugins={remarkPlugins}
        rehypePlugins={rehypePlugins}
        components={componentsUnder(under, used)}
      >
        {withMarkedMath(text)}
      </ReactMarkdown>
    </div>
  );
});

export function Markdown({ text, under }: MarkdownProps) {
  const { front, body } = useMemo(() => withoutFrontMatter(text), [text]);
  const blocks = useMemo(() => toBlocks(body), [body]);
  const used = useMemo(() => headingSizes(body), [body]);
  return (
    <div className="document">
      {front === undefined ? null : (
        <details>
          <summary>{texts.common.frontMatter}</summary>
          <pre tabIndex={0}>{front}</pre>
        </details>
      )}
      {blocks.map((block, index) => (
        <Block key={index} text={block} under={under} used={used} />
      ))}
    </div>
  );
}
