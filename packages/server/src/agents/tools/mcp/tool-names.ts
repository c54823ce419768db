/** The names by which a model is told of the tools of MCP servers: taken by every provider, and the same in every run. */
import { hash } from 'node:crypto';

/** What providers take. */
const MOST_CHARACTERS = 64;
const MARK_CHARACTERS = 8;

/**
 * `<server>_<tool>` where that is a name that every provider takes and that can be no tool of another of `servers`, or
 * else the same in other letters or shorter, with a mark that only this tool of this server has. It depends on nothing
 * that changes while the server runs: neither on the other tools nor on who can be reached.
 */
export function nameForModels(server: string, tool: string, servers: readonly string[]): string {
  const joined = `${server}_${tool}`;
  // Of `a` with `b_c` and `a_b` with `c`, the longer has the plain name.
  const isAnothers = servers.some((other) => other.length > server.length && joined.startsWith(`${other}_`));
  const isTaken = /^[a-z_][\w-]*$/i.test(joined) && joined.length <= MOST_CHARACTERS;
  return isTaken && !isAnothers ? joined : markedName(server, tool);
}

function markedName(server: string, tool: string): string {
  const letters = `${server}_${tool}`.replaceAll(/[^\w-]/g, '_').replace(/^(?=[^a-z_])/i, '_');
  const mark = hash('sha256', JSON.stringify([server, tool])).slice(0, MARK_CHARACTERS);
  return `${letters.slice(0, MOST_CHARACTERS - MARK_CHARACTERS - 1)}_${mark}`;
}
