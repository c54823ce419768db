/** One campaign: the team at work, its drafts, the approval, and the package. */
import { Button, Group, Modal, Stack, Text, Textarea, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Part, Task } from '@continuo/client';
import { ArtifactPanel } from '../../components/artifact-panel.js';
import { Empty, Failed, Loading } from '../../components/conditions.js';
import { fileNameOf, save, toBlob } from '../../components/download.js';
import { HowFar } from '../../components/how-far.js';
import { QuestionPanel } from '../../components/question-panel.js';
import { StateLabel } from '../../components/state-label.js';
import { useDraft } from '../../components/use-draft.js';
import { useAnswer } from '../../tasks/actions.js';
import { failureOf, hasEnded, questionOf, stateOf } from '@continuo/client/facts';
import { contentElsewhere, fetchContent } from '../../tasks/artifact-content.js';
import { useTaskLog, type ShownArtifact } from '../../tasks/task-log.js';
import { texts } from '../../texts.js';
import { marketingTexts } from '../../texts/marketing.js';
import { nameOf } from '../marketing/campaigns.js';
import { TaskTree } from '../task/task-tree.js';
import { oneTask } from '../tasks/task-queries.js';
import { changesIn, piecesIn, toChange, type Notes, type PieceInReview } from './review.js';

const route = getRouteApi('/marketing/$id');

export function CampaignPage() {
  const { id } = route.useParams();
  const task = useQuery(oneTask(id));
  if (task.error !== null && task.data === undefined) return <Failed error={task.error} />;
  if (task.data === undefined) return <Loading />;
  return <Campaign key={id} task={task.data} />;
}

function Campaign({ task }: { readonly task: Task }) {
  const log = useTaskLog(task.id);
  const navigate = route.useNavigate();
  const question = questionOf(task);
  const pieces = piecesIn(question);
  const [notes, setNotes, dropNotes] = useDraft<Notes>(`notes on ${task.id}`, {});
  const state = stateOf(task);
  const failure = failureOf(task);
  const live = log.progress;
  const failed = hasEnded(state) && state !== 'COMPLETED';
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md">
      <section className="panel" style={{ padding: 20 }} aria-label={marketingTexts.title}>
        <Stack gap="sm">
          <Group justify="space-between">
            <Group gap="md">
              <Title order={1}>{nameOf(task)}</Title>
              <span role="status">
                <StateLabel state={state} />
              </span>
            </Group>
            <Group gap="sm">
              <Link to="/tasks/$id" params={{ id: task.id }} className="quiet-link">
                {marketingTexts.asTask}
              </Link>
              {state === 'COMPLETED' ? <DownloadAll shown={log.artifacts} id={task.id} /> : null}
              {failed ? (
                <Button onClick={() => void navigate({ to: '/marketing', search: { from: task.id } })}>
                  {marketingTexts.editBrief}
                </Button>
              ) : null}
            </Group>
          </Group>
          <HowFar task={task} live={live?.fraction} name={marketingTexts.title} />
          {hasEnded(state) || live === undefined || live.stage === '' ? null : (
            <Text size="sm" c="dimmed" className="one-line">
              {live.stage}
            </Text>
          )}
          {failure === undefined ? null : (
            <Text size="sm" className="any-line" role="alert">
              {failure.message}
            </Text>
          )}
        </Stack>
      </section>
      {question !== undefined && pieces.length === 0 ? <QuestionPanel task={task} /> : null}
      {pieces.length === 0 ? null : <Approval task={task} notes={notes} onSent={dropNotes} />}
      {failed && log.artifacts.length === 0 ? null : (
        <Title order={2}>{state === 'COMPLETED' ? marketingTexts.files : marketingTexts.pieces}</Title>
      )}
      {log.artifacts.length === 0 && !failed ? (
        <div className="panel">
          <Empty title={marketingTexts.nothingYet} />
        </div>
      ) : null}
      {log.artifacts.map((shown) => (
        <Stack key={shown.artifact.artifactId} gap="xs">
          <ArtifactPanel shown={shown} />
          <NotesFor
            piece={pieces.find(({ file }) => file === shown.artifact.name)}
            notes={notes}
            onChange={(piece, text) => setNotes((before) => ({ ...before, [piece]: text }))}
          />
        </Stack>
      ))}
      <Title order={2}>{marketingTexts.team}</Title>
      <TaskTree task={task} empty={hasEnded(state) ? marketingTexts.noTeamEver : marketingTexts.noTeam} />
    </Stack>
  );
}

interface ApprovalProps {
  readonly task: Task;
  readonly notes: Notes;
  readonly onSent: () => void;
}

function Approval({ task, notes, onSent }: ApprovalProps) {
  const answer = useAnswer(task);
  const [rejecting, setRejecting] = useState(false);
  const [reason, setReason, dropReason] = useDraft(`reason for ${task.id}`, '');
  const changes = changesIn(notes);
  const decide = (parts: readonly Part[]): void =>
    void answer.mutateAsync(parts).then(
      () => {
        onSent();
        dropReason();
      },
      // It has been said why, and what was written is still there.
      () => undefined,
    );
  return (
    <section
      className="panel"
      aria-label={marketingTexts.review}
      style={{ borderLeft: '3px solid var(--mantine-color-orange-6)', padding: 16 }}
    >
      <Stack gap="sm">
        <Title order={2}>{marketingTexts.review}</Title>
        <Text size="sm" c="dimmed">
          {marketingTexts.reviewHint}
        </Text>
        <Group gap="xs">
          {changes.length === 0 ? (
            <Button loading={answer.isPending} onClick={() => decide([{ data: { decision: 'approve' } }])}>
              {marketingTexts.approveAll}
            </Button>
          ) : (
            <Button loading={answer.isPending} onClick={() => decide(toChange(notes))}>
              {marketingTexts.sendChanges(changes.length)}
            </Button>
          )}
          <Button variant="default" onClick={() => setRejecting(true)}>
            {marketingTexts.reject}
          </Button>
        </Group>
      </Stack>
      <Modal opened={rejecting} onClose={() => setRejecting(false)} title={marketingTexts.rejectQuestion}>
        <Stack>
          <Text size="sm">{marketingTexts.rejectHint}</Text>
          <Textarea
            label={marketingTexts.reason}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setRejecting(false)}>
              {texts.common.cancel}
            </Button>
            <Button
              color="red.9"
              loading={answer.isPending}
              onClick={() => {
                const why = reason.trim();
                decide([{ data: { decision: 'reject', ...(why === '' ? {} : { notes: why }) } }]);
                setRejecting(false);
              }}
            >
              {marketingTexts.reject}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </section>
  );
}

interface NotesForProps {
  /** Undefined for an artifact that is not in question. */
  readonly piece: PieceInReview | undefined;
  readonly notes: Notes;
  readonly onChange: (piece: string, text: string) => void;
}

function NotesFor({ piece, notes, onChange }: NotesForProps) {
  if (piece === undefined) return null;
  const name = marketingTexts.names[piece.piece] ?? piece.piece;
  return (
    <Stack gap="xs" pl="md">
      {piece.findings.length === 0 ? null : (
        <Text size="sm" c="dimmed" className="any-line">
          {marketingTexts.findings}: {piece.findings.join(' ')}
        </Text>
      )}
      <Textarea
        label={marketingTexts.change(name)}
        autosize
        minRows={1}
        maxRows={8}
        value={notes[piece.piece] ?? ''}
        onChange={(event) => onChange(piece.piece, event.currentTarget.value)}
      />
    </Stack>
  );
}

function DownloadAll({ shown, id }: { readonly shown: readonly ShownArtifact[]; readonly id: string }) {
  const download = async (): Promise<void> => {
    const { zipSync } = await import('fflate');
    const files: Record<string, Uint8Array> = {};
    for (const { artifact } of shown) {
      const address = contentElsewhere(artifact)?.address;
      if (address !== undefined) {
        files[fileNameOf({}, artifact)] = new Uint8Array(await (await fetchContent(address)).arrayBuffer());
      }
      for (const part of artifact.parts) {
        const blob = toBlob(part);
        if (blob !== undefined) files[fileNameOf(part, artifact)] = new Uint8Array(await blob.arrayBuffer());
      }
    }
    save(new Blob([zipSync(files)], { type: 'application/zip' }), `campaign-${id.slice(-6)}.zip`);
  };
  return (
    <Button disabled={shown.length === 0} onClick={() => void download()}>
      {marketingTexts.downloadAll}
    </Button>
  );
}
