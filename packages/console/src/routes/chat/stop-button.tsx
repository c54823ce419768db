/** Stops what goes on, from the composer: what stands in the conversation moves while an answer grows. */
import { ActionIcon } from '@mantine/core';
import { IconPlayerStopFilled } from '@tabler/icons-react';
import { useCancel } from '../../tasks/actions.js';
import { texts } from '../../texts.js';

interface StopButtonProps {
  readonly id: string;
  /** The button goes with the task: the focus has to be elsewhere by then. */
  readonly onStop: () => void;
}

export function StopButton({ id, onStop }: StopButtonProps) {
  const cancel = useCancel(id);
  return (
    <ActionIcon
      size="lg"
      radius="xl"
      variant="default"
      aria-label={texts.chat.stop}
      loading={cancel.isPending}
      onClick={() => {
        cancel.mutate(undefined);
        onStop();
      }}
    >
      <IconPlayerStopFilled size={16} />
    </ActionIcon>
  );
}
