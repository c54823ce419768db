/** The clients that are tried, in the order of the table. */
import { adk, agUi, aiSdk, strands } from './frameworks.mjs';
import { sdk02 } from './sdk-0.2.mjs';
import { sdk03 } from './sdk-0.3.mjs';
import { sdk13 } from './sdk-1.3.mjs';

export const clients = [
  sdk13('JSONRPC'),
  sdk13('HTTP+JSON'),
  sdk13('GRPC'),
  sdk03('JSONRPC'),
  sdk03('HTTP+JSON'),
  sdk02,
  adk,
  aiSdk,
  strands,
  agUi,
];

const loud = ['log', 'info', 'warn', 'error', 'debug'];

/** Does `work` while nothing is written to the console: several of the clients tell there what they do. */
export async function quietly(work) {
  const kept = loud.map((name) => [name, console[name]]);
  for (const name of loud) console[name] = () => undefined;
  try {
    return await work();
  } finally {
    for (const [name, method] of kept) console[name] = method;
  }
}
