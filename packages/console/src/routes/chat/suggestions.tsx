/** What the chosen agent can be asked, as its card has it. */
import { Group, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { agentList } from '../tasks/task-queries.js';
import { texts } from '../../texts.js';

const MOST = 4;

interface SuggestionsProps {
  readonly agent: string;
  readonly onChoose: (text: string) => void;
}

export function Suggestions({ agent, onChoose }: SuggestionsProps) {
  const agents = useQuery(agentList);
  const card = agents.data?.agents.find((one) => one.card.name === agent)?.card;
  const examples = [...new Set(card?.skills.flatMap((skill) => skill.examples ?? []))].slice(0, MOST);
  if (examples.length === 0) return null;
  return (
    <Group gap={8} justify="center" role="group" aria-label={texts.chat.suggestions}>
      {examples.map((example) => (
        <UnstyledButton key={example} className="suggestion" onClick={() => onChoose(example)}>
          {example}
        </UnstyledButton>
      ))}
    </Group>
  );
}
