/** Lists of any length, as clients resend all that was said: the first thing wrong ends the reading, where zod would complain about each. */
import { z } from 'zod';

/** At least `min` of `item`. The body that it is in bounds it. */
export function longListOf<Item extends z.ZodType>(item: Item, min = 0) {
  return z.unknown().transform((value, { issues }): z.output<Item>[] => {
    const refuse = (message: string): never => {
      issues.push({ code: 'custom', input: undefined, message });
      return z.NEVER;
    };
    if (!Array.isArray(value)) return refuse('expected array');
    if (value.length < min) return refuse(`expected array to have >=${min} items`);
    const read: z.output<Item>[] = [];
    for (const [index, member] of value.entries()) {
      const { data, error } = item.safeParse(member);
      const [first] = error?.issues ?? [];
      if (first !== undefined) {
        issues.push({ ...first, input: undefined, path: [index, ...first.path] });
        return z.NEVER;
      }
      read.push(data as z.output<Item>);
    }
    return read;
  });
}
