/** `travel/guide`: what to see, day by day. */
import { A2AAgent, FunctionAgentBaseService, type TaskContext } from '@continuo/server';
import { z } from 'zod';
import { cityOf, tripSchema, type Trip } from '../cities.js';

@A2AAgent({
  type: 'travel',
  name: 'guide',
  description: 'Plans what to see in a city, day by day.',
  // For the other agents: neither offered in the console nor chosen by an orchestrator.
  internal: true,
})
export class GuideAgent extends FunctionAgentBaseService<Trip, string[]> {
  protected readonly input = tripSchema;
  protected readonly output = z.array(z.string());

  protected async run(trip: Trip, task: TaskContext): Promise<string[]> {
    const { sights } = cityOf(trip);
    const plan: string[] = [];
    for (let day = 1; day <= trip.days; day += 1) {
      plan.push(`Day ${day}: ${sights[(day - 1) % sights.length]}`);
      // Progress of a member counts into that of the whole task.
      await task.progress(day / trip.days, `Planned ${day} of ${trip.days} days`);
    }
    return plan;
  }
}
