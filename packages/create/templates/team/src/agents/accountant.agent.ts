/** `travel/accountant`: what a trip costs. */
import { A2AAgent, FunctionAgentBaseService } from '@continuo/server';
import { z } from 'zod';
import { cityOf, tripSchema, type Trip } from '../cities.js';

@A2AAgent({
  type: 'travel',
  name: 'accountant',
  description: 'Reckons what a trip costs, in euros.',
  internal: true,
})
export class AccountantAgent extends FunctionAgentBaseService<Trip, number> {
  protected readonly input = tripSchema;
  protected readonly output = z.number();

  protected run(trip: Trip): number {
    return trip.days * cityOf(trip).dayCost;
  }
}
