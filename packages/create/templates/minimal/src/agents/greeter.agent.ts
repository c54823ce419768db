/** `demo/greeter`: greets whoever writes, and remembers how often in the session. */
import { A2AAgent, A2AAgentBaseService, type TaskContext } from '@continuo/server';

@A2AAgent({
  type: 'demo',
  name: 'greeter',
  description: 'Greets whoever writes, and counts the greetings of a session.',
})
export class GreeterAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<string> {
    const name = task.text.trim() || 'stranger';
    await task.progress(0.5, `Thinking of a greeting for ${name}`);
    // A step runs once and its result is kept: after a crash or a restart the task goes on behind it.
    const greeting = await task.step('greet', () => greetingAt(new Date().getHours()));
    // In one piece: several messages at once each get a number of their own.
    const count = await task.session.state.update<number>('greetings', (n = 0) => n + 1);
    return `${greeting}, ${name}! This is greeting number ${count} of this session.`;
  }
}

function greetingAt(hour: number): string {
  if (hour < 12) return 'Good morning';
  return hour < 18 ? 'Good afternoon' : 'Good evening';
}
