/** Large texts read in slices: whole, and without looking at all of it for each of them. */
import { beforeAll, expect, it } from 'vitest';
import { Database, type Queryable, type Reader } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { readSlices } from '../../src/platform/read-slices.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';
import { runOn } from '../support/postgres.js';

const MB = 1024 * 1024;
/** Of two bytes and of three: no slice ends where a character does. */
const LINE = 'Grüße, 世界 ';
const lines = Math.ceil((5 * MB) / Buffer.byteLength(LINE));
/** What is read ahead for them is more than is held for all readers together. */
const READERS = 9;
let url: string;
let database: Database;

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  await runOn(url, 'CREATE TABLE texts (id integer, content text)');
  await runOn(url, `INSERT INTO texts SELECT n, repeat('${LINE}', ${lines}) FROM generate_series(1, ${READERS}) AS n`);
  database = new Database(url, { poolSize: 2, log: createLog('silent') });
  afterThisTest(() => database.close());
});

const textOf = (id: number) => ({ text: 'content', from: 'texts WHERE id = $3', values: [id] });

it('hands on small slices, and looks at the text once for every 4 MiB', async () => {
  let looks = 0;
  const { patient, shares } = database;
  const query: Queryable['query'] = (...given) => {
    looks += 1;
    return patient.query(...given);
  };
  const reader: Reader = { patient: { query }, prepared: (...given) => database.prepared(...given), shares };
  const leave = Array.from({ length: 200 }, () => database.shares.enter());
  const slices: string[] = [];
  for await (const slice of readSlices(reader, textOf(1))) slices.push(slice);
  for (const each of leave) each();
  expect(slices.join('') === LINE.repeat(lines)).toBe(true);
  expect([Math.max(...slices.map(({ length }) => length)) < MB, looks]).toEqual([true, 2]);
});

it('readers that stand still while others read go on where they were', async () => {
  const readers = Array.from({ length: READERS }, (_, n) => readSlices(database, textOf(n + 1)));
  const read = readers.map(() => '');
  const next = async (n: number): Promise<boolean> => {
    const { value, done } = (await readers[n]?.next()) ?? {};
    read[n] += value ?? '';
    return done !== true;
  };
  for (const n of readers.keys()) await next(n);
  for (const n of readers.keys()) while (await next(n));
  expect(read.filter((text) => text !== LINE.repeat(lines))).toEqual([]);
});

it('says that a text is gone, also half-way', async () => {
  const reader = readSlices(database, textOf(READERS));
  await reader.next();
  await runOn(url, `DELETE FROM texts WHERE id = ${READERS}`);
  await expect(
    (async () => {
      for await (const slice of reader) void slice;
    })(),
  ).rejects.toThrow('has been deleted');
});
