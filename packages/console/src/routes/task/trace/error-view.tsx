/** What was thrown: the message, what caused it, and the stack, of which one's own frames stand out. */
import { Text } from '@mantine/core';
import type { ErrorReport } from '@continuo/client';
import { traceTexts } from '../../../texts/trace.js';

type Cause = ErrorReport['causes'][number];
type Frame = Cause['stack'][number];

/** Without own frames the first ones tell most. */
const FIRST = 3;

interface ErrorViewProps {
  readonly error: ErrorReport;
  /** Whether stacks are open at once. */
  readonly open?: boolean;
}

export function ErrorView({ error, open = true }: ErrorViewProps) {
  return (
    <div className="error-view">
      <Thrown thrown={error} open={open} />
      {error.causes.map((cause, index) => (
        <div key={index} className="error-cause">
          <Text size="xs" c="dimmed">
            {traceTexts.cause}
          </Text>
          <Thrown thrown={cause} open={open} />
        </div>
      ))}
    </div>
  );
}

function Thrown({ thrown: { name, message, code, stack }, open }: { readonly thrown: Cause; readonly open: boolean }) {
  return (
    <>
      <Text size="sm" className="any-line">
        <b>{name}</b>: {message}
        {code === undefined || message.includes(code) ? null : (
          <Text span size="xs" c="dimmed">
            {' '}
            ({code})
          </Text>
        )}
      </Text>
      {stack.length === 0 ? null : open ? (
        <Stack frames={stack} />
      ) : (
        <details className="error-stack">
          <summary>{traceTexts.stack}</summary>
          <Stack frames={stack} />
        </details>
      )}
    </>
  );
}

/** Own frames bold; the others are behind a line that opens. */
function Stack({ frames }: { readonly frames: readonly Frame[] }) {
  const own = frames.some((frame) => frame.own);
  const shown = frames.filter((frame, index) => (own ? frame.own : index < FIRST));
  const rest = frames.length - shown.length;
  return (
    <div className="error-frames" role="group" aria-label={traceTexts.stack}>
      {shown.map((frame, index) => (
        <FrameLine key={index} frame={frame} />
      ))}
      {rest === 0 ? null : (
        <details>
          <summary>{traceTexts.frames(rest)}</summary>
          {frames
            .filter((frame) => !shown.includes(frame))
            .map((frame, index) => (
              <FrameLine key={index} frame={frame} />
            ))}
        </details>
      )}
    </div>
  );
}

function FrameLine({ frame }: { readonly frame: Frame }) {
  return (
    <div className="error-frame" data-own={frame.own || undefined}>
      {frameText(frame)}
    </div>
  );
}

function frameText({ function: name, file, line, column }: Frame): string {
  return `${name === '' ? '' : `${name} `}(${file}:${line}:${column})`;
}

/** As Markdown, for an issue. */
export function asIssue(error: ErrorReport, facts: readonly string[]): string {
  const one = ({ name, message, stack }: Cause): string =>
    [`${name}: ${message}`, ...stack.map((frame) => `    at ${frameText(frame)}`)].join('\n');
  const all = [one(error), ...error.causes.map((cause) => `Caused by ${one(cause)}`)].join('\n');
  const fence = '`'.repeat(Math.max(3, ...[...all.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [
    `**${error.name}: ${error.message}**`,
    '',
    ...facts.map((fact) => `- ${fact}`),
    '',
    fence,
    all,
    fence,
    '',
  ].join('\n');
}
