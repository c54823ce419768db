/** The figures of a span: times, tokens, cost, and what it leads to. */
import { Link } from '@tanstack/react-router';
import type { TraceNode } from '@continuo/client';
import type { ReactNode } from 'react';
import { StateLabel } from '../../../components/state-label.js';
import { exactDuration, At } from '../../../components/time.js';
import { traceTexts } from '../../../texts/trace.js';
import { took } from './span-words.js';
import type { Span } from './spans.js';

const { facts } = traceTexts;

export function SpanFacts({ span }: { readonly span: Span }) {
  const { node, run, from, to } = span;
  const queued = queuedMs(span);
  const usage = node?.usage ?? (span.kind === 'task' ? span.trace?.usage : node?.child?.usage);
  const spent = took(span, Date.now());
  return (
    <dl className="facts">
      <Fact name={facts.started}>{from === undefined ? undefined : <At at={new Date(from)} />}</Fact>
      <Fact name={facts.ended}>{to === undefined ? undefined : <At at={new Date(to)} />}</Fact>
      <Fact name={facts.duration}>{spent === '' ? undefined : spent}</Fact>
      <Fact name={facts.queued}>{queued === undefined ? undefined : exactDuration(queued)}</Fact>
      <Fact name={facts.attempts}>{node === undefined || node.attempts < 2 ? undefined : node.attempts}</Fact>
      <Fact name={facts.run}>{node?.run ?? undefined}</Fact>
      <Fact name={facts.attempt}>{run?.attempt}</Fact>
      <Fact name={facts.ending}>
        {run?.ending == null ? undefined : (traceTexts.endings[run.ending] ?? run.ending)}
      </Fact>
      <Fact name={facts.instance}>{run?.instance ?? undefined}</Fact>
      <Fact name={facts.version}>{run?.agentVersion ?? undefined}</Fact>
      <Fact name={facts.branch}>{node === undefined || node.branch === '' ? undefined : node.branch}</Fact>
      <Fact name={facts.model}>{node?.model?.model}</Fact>
      <Fact name={facts.finish}>{node?.model?.finishReason ?? undefined}</Fact>
      {usage == null ? null : <Spent usage={usage} />}
      {node?.child == null ? null : (
        <Fact name={facts.child}>
          <Link to="/tasks/$id" params={{ id: node.child.taskId }}>
            {traceTexts.openTask} {node.child.taskId.slice(-6)}
          </Link>
          {node.child.state === null ? null : <StateLabel state={node.child.state} />}
        </Fact>
      )}
      {span.trace === undefined ? null : (
        <Fact name={facts.session}>
          <Link to="/chat/$id" params={{ id: span.trace.contextId }}>
            {traceTexts.openSession}
          </Link>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return children === undefined ? null : (
    <>
      <dt>{name}</dt>
      <dd className="numbers">{children}</dd>
    </>
  );
}

function Spent({ usage }: { readonly usage: NonNullable<TraceNode['usage']> }) {
  const { calls, inputTokens, outputTokens, cachedInputTokens = 0, reasoningTokens = 0, cost } = usage;
  const more = traceTexts.tokensMore(cachedInputTokens, reasoningTokens);
  return (
    <>
      <Fact name={facts.calls}>{calls > 1 ? calls : undefined}</Fact>
      <Fact name={facts.tokens}>
        {traceTexts.tokens(inputTokens, outputTokens)}
        {more === '' ? '' : ` · ${more}`}
        {usage.estimatedCalls === undefined ? '' : ` · ${traceTexts.estimated}`}
      </Fact>
      <Fact name={facts.cost}>{cost === undefined ? traceTexts.unpriced : dollars(cost)}</Fact>
    </>
  );
}

function dollars(cost: number): string {
  return traceTexts.dollars(cost);
}

/** Between a task's making and its first run; undefined where that isn't known. */
function queuedMs({ kind, trace, worked }: Span): number | undefined {
  const [first] = worked;
  if (trace === undefined || first === undefined || (kind !== 'task' && kind !== 'call')) return undefined;
  return Math.max(0, first.from - Date.parse(trace.createdAt));
}
