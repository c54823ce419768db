/** What a span is, at a glance. */
import {
  IconBolt,
  IconClockPause,
  IconCornerDownRight,
  IconGitBranch,
  IconInbox,
  IconMessageQuestion,
  IconPlayerPlay,
  IconSparkles,
  IconSubtask,
  IconTool,
  IconWorld,
} from '@tabler/icons-react';
import type { SpanKind } from './spans.js';

const icons = {
  task: IconSubtask,
  run: IconPlayerPlay,
  branch: IconGitBranch,
  step: IconBolt,
  tool: IconTool,
  remote: IconWorld,
  model: IconSparkles,
  call: IconCornerDownRight,
  question: IconMessageQuestion,
  sleep: IconClockPause,
  inbox: IconInbox,
} satisfies Record<SpanKind, typeof IconBolt>;

export function SpanIcon({ kind }: { readonly kind: SpanKind }) {
  const Icon = icons[kind];
  return <Icon size={14} stroke={1.8} className="wf-icon" aria-hidden />;
}
