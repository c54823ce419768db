/** `travel/planner`: leads the team. Asks its members, then the traveller, and makes a plan of what they say. */
import {
  A2AAgent,
  A2AAgentBaseService,
  remark,
  TaskRejectedError,
  type AgentAnswer,
  type TaskContext,
} from '@continuo/server';
import { z } from 'zod';
import { cityNames, type Trip } from '../cities.js';

@A2AAgent({
  type: 'travel',
  name: 'planner',
  description:
    'Plans a trip with a team: a guide, a meteorologist and an accountant. Send a city and a number of days.',
  skills: [
    {
      id: 'plan',
      name: 'Plan a trip',
      description: `Plans some days in ${cityNames.join(', ')}.`,
      tags: ['travel'],
      examples: ['3 days in Lisbon', 'A weekend in Vienna'],
    },
  ],
  outputModes: ['text/markdown'],
})
export class PlannerAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    const trip = tripIn(task.text);
    const input = [{ data: trip }];
    await task.progress(0.1, 'The team is at work');
    // Three tasks of their own, side by side. They share 70 % of the progress, and more than half of that is the guide's.
    const [guide, weather, costs] = await task.callAll(
      [
        { agent: 'travel/guide', input, weight: 3 },
        // A trip can be planned without: its failure is not that of the plan.
        { agent: 'travel/meteorologist', input, onFailure: 'ignore' },
        { agent: 'travel/accountant', input },
      ],
      { share: 0.7 },
    );
    const days = z.array(z.string()).parse(guide?.data);
    const total = z.number().parse(costs?.data);
    // It may take weeks: nothing is held in memory meanwhile, and after a restart the members are not asked again.
    const { data: decision } = await task.requestInput(
      `${trip.days} days in ${trip.city} cost ${total} EUR. Is that all right?`,
      { schema: z.enum(['yes', 'no']) },
    );
    if (decision === 'no') return 'Then better not. Ask again with fewer days, or with another city.';
    const list = days.map((day) => `- ${day}`).join('\n');
    const plan = [`# ${trip.city}`, list, weather?.text ?? '', `Total: ${total} EUR`].filter((text) => text !== '');
    await task.artifact({
      name: 'plan.md',
      parts: [{ text: plan.join('\n\n'), filename: 'plan.md', mediaType: 'text/markdown' }],
    });
    return remark(`The plan for ${trip.city} is ready.`);
  }
}

/** "3 days in Lisbon". Throws TaskRejectedError when there is no city in it that the team knows. */
function tripIn(text: string): Trip {
  const city = cityNames.find((name) => text.toLowerCase().includes(name.toLowerCase()));
  if (city === undefined) throw new TaskRejectedError(`Where to? The team knows ${cityNames.join(', ')}.`);
  const days = Number(/\d+/.exec(text)?.[0] ?? 2);
  return { city, days: Math.min(Math.max(days, 1), 14) };
}
