/** The same figures, agent by agent. */
import { Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { TaskStatistics } from '@continuo/client';
import { number } from '../../formats.js';
import { texts } from '../../texts.js';
import { time } from './figures.js';

const counts = ['running', 'waiting', 'queued', 'begun', 'completed', 'failed', 'canceled'] as const;
const times = ['medianMs', 'p95Ms'] as const;

export function AgentTable({ agents }: Pick<TaskStatistics, 'agents'>) {
  return (
    <section className="panel" aria-labelledby="by-agent">
      <Title order={2} id="by-agent" px={18} pt={14} pb={6}>
        {texts.overview.byAgent}
      </Title>
      <div className="wide-table" role="group" aria-labelledby="by-agent" tabIndex={0}>
        <table className="figure-table numbers" style={{ minWidth: 860 }}>
          <thead>
            <tr>
              <th>{texts.tasks.agent}</th>
              {[...counts, ...times].map((which) => (
                <th key={which}>{texts.overview.figures[which]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {agents.map((row) => (
              <tr key={row.agent}>
                <th scope="row">
                  <Link to="/overview" search={(before) => ({ ...before, agent: row.agent })}>
                    {row.agent}
                  </Link>
                </th>
                {counts.map((which) => (
                  <td key={which}>{number(row[which])}</td>
                ))}
                {times.map((which) => (
                  <td key={which}>{time(row[which])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
