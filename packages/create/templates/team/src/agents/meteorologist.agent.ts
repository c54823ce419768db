/** `travel/meteorologist`: the weather to expect, and what to pack for it. */
import { A2AAgent, FunctionAgentBaseService } from '@continuo/server';
import { z } from 'zod';
import { cityOf, tripSchema, type Trip } from '../cities.js';

@A2AAgent({
  type: 'travel',
  name: 'meteorologist',
  description: 'Tells which weather to expect in a city.',
  internal: true,
})
export class MeteorologistAgent extends FunctionAgentBaseService<Trip, string> {
  protected readonly input = tripSchema;
  protected readonly output = z.string();

  protected run(trip: Trip): string {
    const { weather } = cityOf(trip);
    return `The weather is ${weather}. ${weather.startsWith('sunny') ? 'Pack sunglasses.' : 'Pack a jacket.'}`;
  }
}
