/** What the team knows of cities. It is little, and made up in part: put your sources or a language model here. */
import { z } from 'zod';

interface City {
  readonly sights: readonly string[];
  readonly weather: string;
  /** Euros for a day: a room, food and trams. */
  readonly dayCost: number;
}

const cities: Readonly<Record<string, City>> = {
  Lisbon: { sights: ['Belém Tower', 'Alfama', 'the tile museum', 'Sintra'], weather: 'mild, 18 °C', dayCost: 120 },
  Vienna: { sights: ['Schönbrunn', 'the Naschmarkt', 'the Belvedere'], weather: 'sunny, 16 °C', dayCost: 140 },
  Krakow: { sights: ['Wawel Castle', 'Kazimierz', 'the salt mine'], weather: 'cool, 12 °C', dayCost: 80 },
};

export const cityNames = Object.keys(cities);

/** What the members of the team are asked about. */
export const tripSchema = z.object({
  city: z.string().refine((name) => name in cities, `expected one of ${cityNames.join(', ')}`),
  days: z.number().int().min(1).max(14),
});

export type Trip = z.output<typeof tripSchema>;

/** Throws for a city that nobody knows. */
export function cityOf({ city }: Trip): City {
  const known = cities[city];
  if (known === undefined) throw new Error(`Nobody here knows ${city}.`);
  return known;
}
