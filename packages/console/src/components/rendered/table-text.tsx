/** A text whose values are separated by commas or tabs, as a table; or as it is. */
import { Table, Text } from '@mantine/core';
import { useMemo } from 'react';
import { texts } from '../../texts.js';
import { OrAsWritten } from './or-as-written.js';
import { rowsIn, separatorOf } from './separated.js';

/** More would make the page slow, and nobody reads it here. */
const MOST_ROWS = 200;

interface TableTextProps {
  readonly text: string;
  readonly separatedBy: 'csv' | 'tsv';
}

export function TableText({ text, separatedBy }: TableTextProps) {
  return (
    <OrAsWritten text={text} language={separatedBy} label={texts.common.table}>
      <Rows text={text} separatedBy={separatedBy} />
    </OrAsWritten>
  );
}

function Rows({ text, separatedBy }: TableTextProps) {
  const [head = [], ...rows] = useMemo(
    () => rowsIn(text, separatedBy === 'tsv' ? '\t' : separatorOf(text), MOST_ROWS + 2),
    [text, separatedBy],
  );
  return (
    <>
      <Table.ScrollContainer
        minWidth={Math.min(head.length * 120, 1_200)}
        scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      >
        <Table striped withTableBorder withColumnBorders className="table-text">
          <Table.Thead>
            <Table.Tr>
              {head.map((cell, index) => (
                <Table.Th key={index} scope="col">
                  {cell}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, MOST_ROWS).map((row, index) => (
              <Table.Tr key={index}>
                {row.map((cell, at) => (
                  <Table.Td key={at}>{cell}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {rows.length > MOST_ROWS ? (
        <Text size="sm" c="dimmed" mt="xs">
          {texts.common.firstRows(MOST_ROWS)}
        </Text>
      ) : null}
    </>
  );
}
