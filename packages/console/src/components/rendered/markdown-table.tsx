/** A table of a text: it scrolls where it is too wide, and can be copied as CSV. */
import { useRef, type ReactNode } from 'react';
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconTableExport } from '@tabler/icons-react';
import { texts } from '../../texts.js';
import { useCopied } from '../use-copied.js';
import { toCsv } from './separated.js';

export function MarkdownTable({ children }: { readonly children: ReactNode }) {
  const table = useRef<HTMLTableElement>(null);
  const { copied, copy, untilLeft } = useCopied(() =>
    toCsv([...(table.current?.rows ?? [])].map(({ cells }) => [...cells].map((cell) => cell.innerText))),
  );
  const label = copied ? texts.common.copied : texts.common.copyCsv;
  return (
    <div className="table-block">
      <div className="table-scroll" tabIndex={0}>
        <table ref={table}>{children}</table>
      </div>
      <Tooltip label={label}>
        <ActionIcon
          variant="default"
          size="sm"
          className="table-copy"
          aria-label={texts.common.copyCsv}
          onClick={copy}
          {...untilLeft}
        >
          {copied ? <IconCheck size={14} /> : <IconTableExport size={14} />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
