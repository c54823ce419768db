/** Reads server-sent events from a response. */

/**
 * @param {import("node:http").IncomingMessage} response
 * @returns {AsyncGenerator<any, void, undefined>} the JSON of each event's data; comments and `[DONE]` are skipped
 * @throws {Error} when the response is not an event stream
 */
export async function* readEvents(response) {
  if (!response.headers['content-type']?.startsWith('text/event-stream')) {
    response.setEncoding('utf8');
    let text = '';
    for await (const piece of response) text += piece;
    throw new Error(`Expected an event stream, got HTTP ${response.statusCode}: ${text.slice(0, 500)}`);
  }
  response.setEncoding('utf8');
  let rest = '';
  for await (const piece of response) {
    const frames = (rest + piece).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      const data = frame
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n');
      if (data !== '' && data !== '[DONE]') yield JSON.parse(data);
    }
  }
}
