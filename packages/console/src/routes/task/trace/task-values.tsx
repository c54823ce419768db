/** What a task was asked, and what it has made. */
import { Link } from '@tanstack/react-router';
import type { Artifact, Part, Task } from '@continuo/client';
import { contentElsewhere } from '../../../tasks/artifact-content.js';
import { startOf } from '../../../components/cut-text.js';
import { traceTexts } from '../../../texts/trace.js';
import { askedIn } from '../input.js';
import { ValueView } from './value-view.js';

/** More is in the tab of artifacts. */
const MOST_ARTIFACTS = 3;
const MOST_CHARACTERS = 4_000;

export function TaskValues({ task }: { readonly task: Task }) {
  const asked = askedIn(task);
  const artifacts = task.artifacts ?? [];
  return (
    <>
      {asked === undefined ? null : <PartsValue name={traceTexts.input} parts={asked.parts} />}
      {artifacts.slice(0, MOST_ARTIFACTS).map((artifact) => (
        <PartsValue key={artifact.artifactId} name={nameOf(artifact)} parts={partsOf(artifact)} />
      ))}
      {artifacts.length === 0 ? null : (
        <Link to="/tasks/$id" params={{ id: task.id }} search={{ view: 'artifacts' }} className="quiet-link">
          {traceTexts.artifacts(artifacts.length)}
        </Link>
      )}
    </>
  );
}

function nameOf({ name, artifactId }: Artifact): string {
  return name === undefined || name === 'answer' ? traceTexts.result : name || artifactId;
}

function partsOf(artifact: Artifact): readonly Part[] {
  return contentElsewhere(artifact) === undefined ? artifact.parts : [];
}

function PartsValue({ name, parts }: { readonly name: string; readonly parts: readonly Part[] }) {
  const [first, ...others] = parts;
  if (first === undefined) return null;
  const value = others.length === 0 ? valueOf(first) : parts.map(valueOf);
  const shown = typeof value === 'string' ? startOf(value, MOST_CHARACTERS) : value;
  return <ValueView name={name} value={shown} truncated={shown !== value} />;
}

/** Of a file its name and kind. */
function valueOf({ text, data, url, filename, mediaType }: Part): unknown {
  return text ?? data ?? { url, filename, mediaType };
}
