/** The reader of backups finds lines and rows wherever the pieces end that it is given. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BackupReader } from '../../../src/platform/backup/backup-reader.js';

async function* inPieces(text: string, sizes: readonly number[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let [at, turn] = [0, 0]; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function rowsOf(reader: BackupReader): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of reader.rows()) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const row = fc.constantFrom('', '\\\\.', '1\ttext', '\\\\.\\n\\\\.', 'ä\\N', '\\\\', '.');

it('gives the rows of each table as they are, and what stands between them', async () => {
  const tables = fc.array(fc.array(row, { maxLength: 5 }), { maxLength: 4 });
  const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(tables, sizes, async (rows, pieces) => {
      const texts = rows.map((table) => table.map((one) => `${one}\n`).join(''));
      const file = `head\n${texts.map((text, at) => `table ${at}\n${text}\\.\n`).join('')}end\n`;
      const reader = new BackupReader(inPieces(file, pieces));
      expect(await reader.line()).toBe('head');
      for (const [at, text] of texts.entries()) {
        expect(await reader.line()).toBe(`table ${at}`);
        expect(await rowsOf(reader)).toBe(text);
      }
      expect(await reader.line()).toBe('end');
      await expect(reader.line()).rejects.toThrow('it is cut off');
    }),
  );
});

it('says so when rows have no end', async () => {
  await expect(rowsOf(new BackupReader(inPieces('1\n2\n', [3])))).rejects.toThrow('it is cut off');
});
