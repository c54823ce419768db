/** A server with the console and an agent that says on its card which data it takes. */
import { z } from 'zod';
import { A2AAgent, FunctionAgentBaseService, startServer } from '../../../server/dist/index.js';

class Booking extends FunctionAgentBaseService {
  input = z.object({
    city: z.string().min(1).describe('Where you want to stay'),
    nights: z.int().min(1).default(2),
    board: z.enum(['none', 'breakfast']).optional(),
    guests: z.array(z.string()).optional(),
    seaView: z.boolean().optional(),
  });
  output = z.unknown();

  run(input) {
    return { booked: input };
  }
}
A2AAgent({ type: 'travel', name: 'booking', description: 'Books a room.' })(Booking);

await startServer({ agents: [Booking] });
