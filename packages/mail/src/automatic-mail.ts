/** Tells what programs have sent from what people have written: out-of-office notes, bounces, mailing lists, ourselves. */
import type { ParsedMail } from 'mailparser';

/** `sender`: of the envelope, empty for what must not be answered (RFC 5321, section 4.5.5). `own`: the address we send from. */
export function isAutomatic({ headers, from }: ParsedMail, { sender, own }: { sender: string; own: string }): boolean {
  const valueOf = (name: string): string => {
    const value: unknown = headers.get(name);
    return (typeof value === 'string' ? value : '').trim().toLowerCase();
  };
  const type: unknown = headers.get('content-type');
  const isReport = typeof type === 'object' && type !== null && 'value' in type && type.value === 'multipart/report';
  const submitted = valueOf('auto-submitted');
  return (
    sender === '' ||
    isReport ||
    (submitted !== '' && submitted !== 'no') ||
    ['bulk', 'junk', 'list', 'auto_reply'].includes(valueOf('precedence')) ||
    ['x-autoreply', 'x-autorespond', 'x-auto-reply-from', 'list-id', 'list'].some((name) => headers.has(name)) ||
    from?.value.some(({ address }) => address?.toLowerCase() === own.toLowerCase()) === true
  );
}
