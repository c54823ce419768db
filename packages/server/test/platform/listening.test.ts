/** What is said of an address that can't be listened on, and of errors that only look like that. */
import { expect, it } from 'vitest';
import { listenError } from '../../src/platform/listening.js';

const failed = (syscall: string, code: string) => Object.assign(new Error(`${syscall} ${code}`), { syscall, code });

it.each([
  ['listen', 'EADDRINUSE', /^Port 80 on 127\.0\.0\.1 is in use/],
  ['listen', 'EACCES', /needs rights that this user does not have/],
  ['bind', 'EADDRNOTAVAIL', /has no address/],
  ['getaddrinfo', 'ENOTFOUND', /^HOST names/],
])('%s that fails with %s says what to do', (syscall, code, said) => {
  expect(listenError(failed(syscall, code), 80, '127.0.0.1')).toMatchObject({ message: expect.stringMatching(said) });
});

it.each(['open', 'mkdir', 'unlink', 'connect'])('%s that is not allowed says nothing of the port', (syscall) => {
  const error = failed(syscall, 'EACCES');
  expect(listenError(error, 80, '127.0.0.1')).toBe(error);
});
