/** Whom a question goes to, and that one who can't be reached silences nobody. */
import { expect, it } from 'vitest';
import { tellEach } from '../src/recipients.js';

it('a recipient who is refused silences nobody behind them, and the first error is thrown', async () => {
  const told: string[] = [];
  const tell = async (recipient: string): Promise<void> => {
    if (recipient.startsWith('gone')) throw new Error(`no ${recipient}`);
    told.push(recipient);
  };
  await expect(tellEach(['gone@x.com', 'ann@x.com', 'gone@y.com', 'bob@x.com'], tell)).rejects.toThrow('no gone@x.com');
  expect(told).toEqual(['ann@x.com', 'bob@x.com']);
});

it('nobody is told twice, and one who cannot even be addressed silences nobody', async () => {
  const told: string[] = [];
  const tell = (recipient: string): Promise<void> => {
    if (recipient === '') throw new Error('no address');
    told.push(recipient);
    return Promise.resolve();
  };
  await expect(tellEach(['', 'ann@x.com'], tell)).rejects.toThrow('no address');
  await tellEach(['bob@x.com'], tell);
  expect(told).toEqual(['ann@x.com', 'bob@x.com']);
});
