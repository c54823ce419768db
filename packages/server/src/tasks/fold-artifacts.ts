/** Puts the chunks of artifacts together again: the pure inverse of streaming them. */
import type { Part } from '../sessions/message.js';
import type { Artifact, TaskArtifactUpdate } from './task.js';

/** Text goes on in the part before it, so that a streamed document comes back as one part and not as thousands. */
function continues(part: Part, next: Part): boolean {
  return (
    part.text !== undefined &&
    next.text !== undefined &&
    part.mediaType === next.mediaType &&
    part.filename === next.filename &&
    next.metadata === undefined
  );
}

interface Draft {
  artifact: Artifact;
  readonly parts: Part[];
  /** Text of the last part, in pieces: joined once at the end, so that n chunks cost n. */
  open: string[];
}

function close(draft: Draft): void {
  const last = draft.parts.pop();
  if (last === undefined) return;
  draft.parts.push(draft.open.length > 1 ? { ...last, text: draft.open.join('') } : last);
}

function add(draft: Draft, parts: readonly Part[]): void {
  for (const part of parts) {
    if (part.text === '' && draft.parts.length > 0 && part.metadata === undefined) continue;
    const last = draft.parts.at(-1);
    if (last !== undefined && part.text !== undefined && continues(last, part)) {
      draft.open.push(part.text);
      continue;
    }
    close(draft);
    draft.parts.push(part);
    draft.open = part.text === undefined ? [] : [part.text];
  }
}

/** The artifacts after all `chunks` of one task, in the order in which their present contents began. */
export function foldArtifacts(chunks: Iterable<TaskArtifactUpdate>): readonly Artifact[] {
  const drafts = new Map<string, Draft>();
  for (const { artifact, append } of chunks) {
    const known = drafts.get(artifact.artifactId);
    if (known !== undefined && append) {
      const { parts, ...rest } = artifact;
      known.artifact = { ...known.artifact, ...rest };
      add(known, parts);
    } else {
      const draft: Draft = { artifact, parts: [], open: [] };
      add(draft, artifact.parts);
      // Behind the others, as in the database, which knows nothing any more of what was replaced.
      drafts.delete(artifact.artifactId);
      drafts.set(artifact.artifactId, draft);
    }
  }
  return [...drafts.values()].map((draft) => {
    close(draft);
    return { ...draft.artifact, parts: draft.parts };
  });
}
