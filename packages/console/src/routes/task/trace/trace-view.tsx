/** A task's trace: the waterfall, and beside it the details of what is selected in it. */
import { Drawer } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import type { Task } from '@continuo/client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Empty, Failed, Loading } from '../../../components/conditions.js';
import { traceTexts } from '../../../texts/trace.js';
import { callsAbove, type Openness } from './rows.js';
import { SpanDetails } from './span-details.js';
import { goesOn, ROOT, type Span } from './spans.js';
import type { TraceStore, Traces } from './trace-store.js';
import { Waterfall } from './waterfall.js';

interface TraceViewProps {
  readonly task: Task;
  readonly store: TraceStore;
  readonly traces: Traces;
  /** All of it; undefined before anything of it is known. */
  readonly root: Span | undefined;
  /** What the task says that it does. */
  readonly doing: string | undefined;
  /** As the address says: what is selected. */
  readonly at: string | undefined;
  readonly onAt: (key: string) => void;
}

/** Browsers refuse addresses that change with every key. */
const SETTLED_MS = 200;

export function TraceView({ task, store, traces, root, doing, at, onAt }: TraceViewProps) {
  const [selected = ROOT, select] = useSelection(at, onAt);
  const [openness, setOpenness] = useState<Openness>(
    () => new Map(at === undefined ? [] : callsAbove(at).map((key) => [key, true])),
  );
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const [drawn, setDrawn] = useState(false);
  useOpened(root, openness, store);
  const { error, reading } = traces.get(task.id) ?? { error: undefined, reading: true };
  if (root === undefined) {
    if (error === undefined || reading) return <Loading />;
    return <Failed error={error} retry={store.refresh} />;
  }
  if (root.spans.length === 0 && root.worked.length === 0 && !goesOn(root)) {
    return (
      <div className="panel">
        <Empty title={traceTexts.nothing} hint={traceTexts.nothingHint} />
      </div>
    );
  }
  const span = find(root, selected) ?? root;
  const details = <SpanDetails key={span.key} span={span} root={root} task={task} />;
  return (
    <div className="wf-layout">
      <Waterfall
        root={root}
        store={store}
        doing={doing}
        openness={openness}
        onOpenness={setOpenness}
        selected={selected}
        onSelect={select}
        onChoose={() => setDrawn(true)}
      />
      {narrow ? (
        <Drawer
          opened={drawn}
          onClose={() => setDrawn(false)}
          position="bottom"
          size="82%"
          title={traceTexts.details}
          closeButtonProps={{ 'aria-label': traceTexts.close }}
          attributes={{ header: { role: 'presentation' } }}
        >
          {details}
        </Drawer>
      ) : (
        <section className="panel wf-details" aria-label={traceTexts.details} tabIndex={0}>
          {details}
        </section>
      )}
    </div>
  );
}

/** Shown at once, and in the address a moment later. */
function useSelection(at: string | undefined, onAt: (key: string) => void) {
  const [selected, setSelected] = useState(at);
  const said = useRef(at);
  const say = useDebouncedCallback((key: string) => {
    said.current = key;
    onAt(key);
  }, SETTLED_MS);
  useEffect(() => {
    // Back and forth, or a link.
    if (at !== said.current) setSelected(at);
    said.current = at;
  }, [at]);
  const select = useCallback(
    (key: string) => {
      setSelected(key);
      say(key);
    },
    [say],
  );
  return [selected, select] as const;
}

/** Reads the traces of the tasks whose calls are open: those of the address are so before they are known. */
function useOpened(root: Span | undefined, openness: Openness, store: TraceStore): void {
  useEffect(() => {
    if (root === undefined) return;
    for (const [key, open] of openness) {
      const child = open ? find(root, key)?.node?.child : undefined;
      if (child != null && child.state !== null) store.open(child.taskId);
    }
  }, [root, openness, store]);
}

function find(span: Span, key: string): Span | undefined {
  if (span.key === key) return span;
  for (const one of span.spans) {
    const found = find(one, key);
    if (found !== undefined) return found;
  }
  return undefined;
}
