/** Values in traces: JSON without secrets, as much of it as is worth its bytes. */
import { expect, it } from 'vitest';
import { MOST_SHOWN_BYTES, shown } from '@continuo/agent/internal/platform/shown.js';

it('says of bytes how many there are, wherever they lie', () => {
  const file = { name: 'a.bin', bytes: Buffer.alloc(1_000_000), more: [new Uint8Array(3)] };
  expect(shown(file)).toBe('{"name":"a.bin","bytes":"(1000000 bytes)","more":["(3 bytes)"]}');
  expect(shown(Buffer.from('abc'))).toBe('"(3 bytes)"');
});

it('hides secrets, also in names', () => {
  const hide = (text: string): string => text.replaceAll('sesame', '***');
  expect(shown({ key: 'open sesame', sesame: 1 }, hide)).toBe('{"key":"open ***","***":1}');
});

it('cuts at a character, and throws for nothing', () => {
  const text = shown('é'.repeat(MOST_SHOWN_BYTES)) ?? '';
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_SHOWN_BYTES);
  expect(text).toMatch(/^"é+…$/);
  const circle: Record<string, unknown> = {};
  circle['circle'] = circle;
  expect(shown(circle)).toBe('"(can’t be shown as JSON)"');
  expect(shown(10n)).toBe('"10n"');
  expect(shown(undefined)).toBeUndefined();
});
