/** The desk that a campaign is reviewed at: its pieces, the one in front, and what its reviewer has marked, noted and edited. */
import { useState } from 'react';
import type { Part, Task } from '@continuo/client';
import { questionOf } from '@continuo/client/facts';
import { changedSince, typedSince } from '../../components/typed-since.js';
import { useDraft } from '../../components/use-draft.js';
import { useAnswer } from '../../tasks/actions.js';
import type { ShownArtifact } from '../../tasks/task-log.js';
import { marketingTexts } from '../../texts/marketing.js';
import { editedSince, type Edit, type Edits } from './edit.js';
import { pieceIn, type PieceFacts } from './piece-facts.js';
import {
  approveAll,
  piecesIn,
  reviewOf,
  takesReviews,
  toChange,
  toEdit,
  toReview,
  type Marks,
  type Notes,
  type PieceInReview,
  type Review,
} from './review.js';

export type PieceState = 'open' | 'approved' | 'noted' | 'done';

export interface DeskPiece {
  /** `linkedin` */
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly shown: ShownArtifact;
  readonly facts: PieceFacts | undefined;
  /** What is asked about it now; undefined while nothing is, and for a piece that was approved. */
  readonly asked: PieceInReview | undefined;
  readonly state: PieceState;
  readonly canEdit: boolean;
}

export interface Desk {
  readonly pieces: readonly DeskPiece[];
  readonly current: DeskPiece | undefined;
  readonly choose: (id: string) => void;
  readonly isAsked: boolean;
  readonly review: Review;
  readonly note: string;
  readonly setNote: (text: string) => void;
  /** Marks can be sent one by one. */
  readonly marksPieces: boolean;
  readonly toggle: () => void;
  readonly sending: boolean;
  readonly send: () => void;
  readonly sendAll: () => void;
  /** `onRejected`: it was taken. */
  readonly reject: (why: string, onRejected: () => void) => void;
  /** Of the piece in front; undefined while nobody edits it. */
  readonly edit: Edit | undefined;
  /** The names of the pieces with edits that are not saved. */
  readonly unsaved: readonly string[];
  readonly startEdit: () => void;
  readonly changeEdit: (edit: Edit) => void;
  readonly saveEdit: () => void;
  readonly dropEdit: () => void;
}

export function useDesk(task: Task, artifacts: readonly ShownArtifact[]): Desk {
  const answer = useAnswer(task);
  const question = questionOf(task);
  const asked = piecesIn(question);
  const takes = takesReviews(question);
  const [notes, setNotes, , settleNotes] = useDraft<Notes>(`notes on ${task.id}`, {});
  const [marks, setMarks, , settleMarks] = useDraft<Marks>(`marks in ${task.id}`, {});
  const [chosen, setChosen] = useState<string>();
  const review = reviewOf(asked, notes, takes ? marks : {});
  const pieces = artifacts.flatMap((shown): readonly DeskPiece[] => {
    const file = shown.artifact.name ?? '';
    const facts = pieceIn(shown.artifact);
    const id = facts?.channel ?? asked.find((one) => one.file === file)?.piece;
    if (id === undefined) return [];
    const own = asked.find(({ piece }) => piece === id);
    const state = own === undefined ? (asked.length > 0 ? 'done' : 'open') : stateIn(review, id);
    const name = marketingTexts.names[id] ?? id;
    return [{ id, name, file, shown, facts, asked: own, state, canEdit: takes && own !== undefined }];
  });
  // Whoever has chosen none begins with what is asked for.
  const current =
    pieces.find((piece) => piece.id === chosen) ?? pieces.find((piece) => piece.asked !== undefined) ?? pieces[0];
  const id = current?.id ?? '';
  const [edits, setEdits, , settleEdits] = useDraft<Edits>(`edits in ${task.id}`, {});
  const edit = edits[id];
  const changeEdit = (changed: Edit): void => setEdits((before) => ({ ...before, [id]: changed }));
  const dropEdit = (): void =>
    setEdits((before) => Object.fromEntries(Object.entries(before).filter(([piece]) => piece !== id)));
  const send = (parts: readonly Part[], sent: () => void): void =>
    // Why it was refused has been said, and what was written is still there.
    void answer.mutateAsync(parts).then(sent, () => undefined);
  const sendReview = (parts: readonly Part[], sent: () => void = () => undefined): void =>
    send(parts, () => {
      settleNotes((now) => changedSince(now, notes, typedSince));
      settleMarks((now) => changedSince(now, marks));
      sent();
    });
  const setNote = (text: string): void => setNotes((before) => ({ ...before, [id]: text }));
  return {
    pieces,
    current,
    choose: setChosen,
    isAsked: asked.length > 0,
    review,
    note: notes[id] ?? '',
    setNote,
    marksPieces: takes,
    toggle: () => {
      const revision = current?.asked?.revision;
      if (revision === undefined || !takes) return;
      setNote('');
      setMarks(({ [id]: mark, ...others }) => (mark === revision ? others : { ...others, [id]: revision }));
    },
    sending: answer.isPending,
    send: () => {
      if (review.changes.length === 0 && review.approved.length === asked.length) return sendReview(approveAll);
      if (review.changes.length > 0 || review.approved.length > 0) {
        sendReview(takes ? toReview(review) : toChange(review));
      }
      return undefined;
    },
    sendAll: () => sendReview(approveAll),
    reject: (why, onRejected) => {
      const notesOf = why.trim() === '' ? {} : { notes: why.trim() };
      sendReview([{ data: { decision: 'reject', ...notesOf } }], onRejected);
    },
    edit,
    unsaved: pieces.filter((piece) => piece.id in edits).map(({ name }) => name),
    startEdit: () => {
      const facts = current?.facts;
      if (facts !== undefined && current?.canEdit === true) {
        changeEdit({ revision: facts.revision, content: facts.content });
      }
    },
    changeEdit,
    saveEdit: () => {
      if (edit === undefined) return;
      send(toEdit(id, edit.revision, edit.content), () =>
        settleEdits((now) => changedSince(now, { [id]: edit }, editedSince)),
      );
    },
    dropEdit,
  };
}

function stateIn({ approved, changes }: Review, id: string): PieceState {
  if (approved.includes(id)) return 'approved';
  return changes.some(([piece]) => piece === id) ? 'noted' : 'open';
}
