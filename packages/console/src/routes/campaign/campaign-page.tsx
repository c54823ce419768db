/** One campaign: the team at work, its pieces in review, and the package. */
import './campaign.css';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import type { Task } from '@continuo/client';
import { agentOf, failureOf, hasEnded, questionOf, stateOf } from '@continuo/client/facts';
import { Empty, Failed, Loading } from '../../components/conditions.js';
import { QuestionPanel } from '../../components/question-panel.js';
import { StateLabel } from '../../components/state-label.js';
import { usePageTitle } from '../../shell/page-title.js';
import { useTaskLog, type TaskLogView } from '../../tasks/task-log.js';
import { marketingTexts } from '../../texts/marketing.js';
import { nameOf, SWARM } from '../marketing/campaigns.js';
import { TaskTree } from '../task/task-tree.js';
import { oneTask } from '../tasks/task-queries.js';
import { Budget } from './budget.js';
import { Calendar } from './calendar.js';
import { useDesk, type DeskPiece } from './desk.js';
import { DownloadAll, PackageFiles } from './package-files.js';
import { PhaseList } from './phase-list.js';
import { ReviewDesk } from './review-desk.js';

const route = getRouteApi('/marketing/$id');

export function CampaignPage() {
  const { id } = route.useParams();
  const task = useQuery(oneTask(id));
  if (task.error !== null && task.data === undefined) return <Failed error={task.error} />;
  if (task.data === undefined) return <Loading />;
  // Another task has its page elsewhere.
  if (agentOf(task.data) !== SWARM) return <Navigate to="/tasks/$id" params={{ id }} replace />;
  return <Campaign key={id} task={task.data} />;
}

function Campaign({ task }: { readonly task: Task }) {
  const log = useTaskLog(task.id);
  const desk = useDesk(task, log.artifacts);
  const question = questionOf(task);
  const state = stateOf(task);
  const failed = hasEnded(state) && state !== 'COMPLETED';
  const files = log.artifacts.filter(({ artifact }) => !desk.pieces.some(({ file }) => file === artifact.name));
  usePageTitle(nameOf(task));
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md">
      <Head task={task} log={log} pieces={desk.pieces} />
      {question !== undefined && !desk.isAsked ? <QuestionPanel task={task} /> : null}
      {desk.pieces.length === 0 ? null : <Title order={2}>{marketingTexts.pieces}</Title>}
      {log.artifacts.length === 0 && !failed ? (
        <div className="panel">{log.isRead ? <Empty title={marketingTexts.nothingYet} /> : <Loading />}</div>
      ) : null}
      <ReviewDesk task={task} desk={desk} />
      {desk.pieces.some(({ facts }) => facts !== undefined) ? (
        <div className="plan">
          <Calendar pieces={desk.pieces} onChoose={desk.choose} />
          <Budget pieces={desk.pieces} />
        </div>
      ) : null}
      {files.length === 0 ? null : (
        <>
          <Title order={2}>{marketingTexts.files}</Title>
          <PackageFiles files={files} />
        </>
      )}
      <Title order={2}>{marketingTexts.team}</Title>
      <TaskTree task={task} empty={hasEnded(state) ? marketingTexts.noTeamEver : marketingTexts.noTeam} />
    </Stack>
  );
}

interface HeadProps {
  readonly task: Task;
  readonly log: TaskLogView;
  readonly pieces: readonly DeskPiece[];
}

function Head({ task, log, pieces }: HeadProps) {
  const navigate = route.useNavigate();
  const state = stateOf(task);
  const failure = failureOf(task);
  const { progress } = log;
  const again = (): void => void navigate({ to: '/marketing', search: { from: task.id } });
  return (
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
            {hasEnded(state) && state !== 'COMPLETED' ? (
              <Button onClick={again}>{marketingTexts.editBrief}</Button>
            ) : (
              <Button variant="default" onClick={again}>
                {marketingTexts.duplicate}
              </Button>
            )}
          </Group>
        </Group>
        <PhaseList task={task} pieces={pieces} />
        {hasEnded(state) || progress === undefined || progress.stage === '' ? null : (
          <Text size="sm" c="dimmed" className="one-line">
            {progress.stage}
          </Text>
        )}
        {failure === undefined ? null : (
          <Text size="sm" className="any-line" role="alert">
            {failure.message}
          </Text>
        )}
      </Stack>
    </section>
  );
}
