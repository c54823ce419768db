/** With whom one speaks, and what one is about to say, as it stands in the address. */
export interface ChatSearch {
  readonly agent?: string | undefined;
  readonly say?: string | undefined;
}

export function toChatSearch({ agent, say }: Readonly<Record<string, unknown>>): ChatSearch {
  return {
    ...(typeof agent === 'string' && agent !== '' ? { agent } : {}),
    ...(typeof say === 'string' && say !== '' ? { say } : {}),
  };
}
