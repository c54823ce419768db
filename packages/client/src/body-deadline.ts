/** Bodies that fall silent: whoever reads one is told after a while, as nothing but a browser's user ends it otherwise. */

/** Statuses of answers without a body (Fetch, section 2.2.3). */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/**
 * The response, whose body breaks off with a TimeoutError when somebody waits for more of it and nothing comes for `ms`;
 * `controller` is then aborted. However long its reader takes is no matter, nor how long it is.
 */
export function withDeadline(response: Response, ms: number, controller: AbortController): Response {
  const { body, status, statusText, headers, url } = response;
  // React Native has none to wrap, and Chromium has an empty one where there may be none.
  if (!(body instanceof ReadableStream) || WITHOUT_BODY.includes(status)) return response;
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const guarded = new ReadableStream<Uint8Array>(
    {
      async pull(pieces) {
        const late = new DOMException('Nothing more of the answer came in time.', 'TimeoutError');
        const silence = new Promise<never>((_, reject) => {
          timer = setTimeout(() => {
            reject(late);
            controller.abort(late);
          }, ms);
        });
        const { done, value } = await Promise.race([reader.read(), silence]).finally(() => clearTimeout(timer));
        if (done) pieces.close();
        else pieces.enqueue(value);
      },
      cancel: (reason) => {
        clearTimeout(timer);
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  const answer = new Response(guarded, { status, statusText, headers });
  return Object.defineProperty(answer, 'url', { value: url });
}
