/** The same figures, agent by agent. */
import { Table, Title } from '@mantine/core';
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
        <Table horizontalSpacing="md" className="numbers" miw={860}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.tasks.agent}</Table.Th>
              {[...counts, ...times].map((which) => (
                <Table.Th key={which} ta="right">
                  {texts.overview.figures[which]}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {agents.map((row) => (
              <Table.Tr key={row.agent}>
                <Table.Th scope="row" fw={500}>
                  <Link to="/overview" search={(before) => ({ ...before, agent: row.agent })}>
                    {row.agent}
                  </Link>
                </Table.Th>
                {counts.map((which) => (
                  <Table.Td key={which} ta="right">
                    {number(row[which])}
                  </Table.Td>
                ))}
                {times.map((which) => (
                  <Table.Td key={which} ta="right">
                    {time(row[which])}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  );
}
