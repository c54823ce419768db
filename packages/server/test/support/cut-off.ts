/** Connections that are lost in mid-stream. */

/** Connections of which each is lost after its first bytes. */
export async function lossyFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  return cutOff(await fetch(input, init), () => true);
}

/** The first stream is lost as soon as it has said `word`, with its instance: what is asked then goes to the one at `other`. */
export function losingItsInstance(word: string, other: string): typeof fetch {
  let isLost = false;
  return async (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    if (isLost) return fetch(`${other}${pathname}${search}`, init);
    const response = await fetch(input, init);
    if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) return response;
    return cutOff(response, (text) => (isLost = text.includes(word)));
  };
}

/** The answer without what comes behind the bytes with which its text is enough. */
function cutOff(response: Response, isEnough: (text: string) => boolean): Response {
  const reader = response.body?.getReader();
  if (reader === undefined) return response;
  const decoder = new TextDecoder();
  let text = '';
  const cut = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (text !== '' && isEnough(text)) {
        await reader.cancel();
        controller.error(new TypeError('The connection was lost.'));
        return;
      }
      const { done, value } = await reader.read();
      text += decoder.decode(value, { stream: true });
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return new Response(cut, { status: response.status, headers: response.headers });
}
