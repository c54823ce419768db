/** Shows what a text means, and the text itself to whoever asks for it. */
import { SegmentedControl } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { texts } from '../../texts.js';
import { CodeBlock } from './code-block.js';

interface OrAsWrittenProps {
  readonly text: string;
  readonly language: string;
  /** What the two ways are called. */
  readonly label: string;
  readonly writtenLabel?: string;
  /** Around what is shown. */
  readonly className?: string;
  /** Undefined where the text is all that can be shown. */
  readonly children: ReactNode | undefined;
}

export function OrAsWritten(props: OrAsWrittenProps) {
  const { text, language, label, writtenLabel = texts.common.raw, className, children } = props;
  const [asWritten, setAsWritten] = useState(false);
  if (children === undefined) return <CodeBlock text={text} language={language} />;
  const choice = (
    <SegmentedControl
      size="xs"
      value={asWritten ? 'written' : 'shown'}
      onChange={(next) => setAsWritten(next === 'written')}
      data={[
        { value: 'shown', label },
        { value: 'written', label: writtenLabel },
      ]}
    />
  );
  if (asWritten) return <CodeBlock text={text} language={language} more={choice} />;
  return (
    <div className={className}>
      <div className="code-bar diagram-bar">{choice}</div>
      {children}
    </div>
  );
}
