/** A value as a tree that is opened where somebody wants to know; what is in it is shown as text alone. */
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { traceTexts } from '../texts/trace.js';
import { cut } from './cut-text.js';
import { MOST_SHOWN } from './truncated.js';
import './json-tree.css';

/** Entries of a list or an object that are shown at first. */
const FIRST = 50;
/** So deep is it open at first, where that isn't too much. */
const OPEN_TO = 2;
const FEW = 12;

interface JsonTreeProps {
  readonly value: unknown;
  readonly label: string;
}

export function JsonTree({ value, label }: JsonTreeProps) {
  return (
    <div className="json-tree" role="group" aria-label={label}>
      <Value value={value} depth={0} />
    </div>
  );
}

interface ValueProps {
  readonly name?: string | undefined;
  readonly value: unknown;
  readonly depth: number;
}

function Value({ name, value, depth }: ValueProps) {
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="json-line">
        <Name name={name} />
        <Simple value={value} />
      </div>
    );
  }
  return <Compound name={name} value={value} depth={depth} />;
}

function Compound({ name, value, depth }: ValueProps & { readonly value: object }) {
  const entries = Object.entries(value);
  const [open, setOpen] = useState(depth === 0 || (depth < OPEN_TO && entries.length <= FEW));
  const [shown, setShown] = useState(FIRST);
  const [before, after] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) {
    return (
      <div className="json-line">
        <Name name={name} />
        <span className="json-dim">{`${before}${after}`}</span>
      </div>
    );
  }
  return (
    <div>
      <button type="button" className="json-line json-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={12} aria-hidden data-open={open} />
        <Name name={name} />
        <span className="json-dim">{open ? before : `${before} ${traceTexts.entries(entries.length)} ${after}`}</span>
      </button>
      {open ? (
        <div className="json-inside">
          {entries.slice(0, shown).map(([key, item]) => (
            <Value key={key} name={key} value={item} depth={depth + 1} />
          ))}
          {entries.length > shown ? (
            <button type="button" className="json-more" onClick={() => setShown(shown + 10 * FIRST)}>
              {traceTexts.showEntries(entries.length - shown)}
            </button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function Name({ name }: { readonly name: string | undefined }) {
  return name === undefined ? null : <span className="json-name">{name}: </span>;
}

function Simple({ value }: { readonly value: unknown }) {
  if (typeof value === 'string') return <span className="json-text">“{cut(value, MOST_SHOWN)}”</span>;
  return <span className="json-simple">{String(value)}</span>;
}
