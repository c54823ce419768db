/** A stand-alone server whose agents are graphs of LangGraph, with nodes that write down when they run; it runs the built product. */
import { appendFile } from 'node:fs/promises';
import { Annotation, interrupt, START, StateGraph } from '@langchain/langgraph';
import { A2AAgent, fromLangGraph, startServer } from '../../dist/index.js';

const State = Annotation.Root({
  file: Annotation,
  /** The process, by its number of connections, in which the node `waits` is waited for without an end. */
  waitIn: Annotation,
  waits: Annotation,
  said: Annotation({ reducer: (one, more) => [...one, ...more], default: () => [] }),
});

const noting =
  (name, work = () => name) =>
  async ({ file, waits, waitIn }, { signal }) => {
    await appendFile(file, `${name}\n`);
    if (waits === name && waitIn === Number(process.env.CONTINUO_DATABASE_POOL)) {
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          void appendFile(file, `${name} is stopped\n`);
          reject(signal.reason);
        });
      });
    }
    return { said: [await work(file)] };
  };

const given = {
  input: ({ parts: [part] }) => part.data,
  output: ({ said }) => said.join(', '),
};

/** One node, then three side by side, then one. */
const fan = new StateGraph(State)
  .addNode('first', noting('first'))
  .addNode('left', noting('left'))
  .addNode('middle', noting('middle'))
  .addNode('right', noting('right'))
  .addNode('last', noting('last'))
  .addEdge(START, 'first')
  .addEdge('first', 'left')
  .addEdge('first', 'middle')
  .addEdge('first', 'right')
  .addEdge(['left', 'middle', 'right'], 'last');

class Fan extends fromLangGraph(fan.compile(), given) {}
A2AAgent({ type: 'test', name: 'fan', description: 'Works side by side.' })(Fan);

const asking = new StateGraph(State)
  .addNode('first', noting('first'))
  .addNode(
    'ask',
    noting('ask', () => interrupt('Shall it go on?')),
  )
  .addNode('last', noting('last'))
  .addEdge(START, 'first')
  .addEdge('first', 'ask')
  .addEdge('ask', 'last');

class Asking extends fromLangGraph(asking.compile(), given) {}
A2AAgent({ type: 'test', name: 'asking', description: 'Asks.' })(Asking);

const failing = new StateGraph(State)
  .addNode('first', noting('first'))
  .addNode(
    'send',
    noting('send', () => {
      if (process.env.CONTINUO_DATABASE_POOL === '5') throw new Error('The post office is closed.');
      return 'sent';
    }),
  )
  .addEdge(START, 'first')
  .addEdge('first', 'send');

class Failing extends fromLangGraph(failing.compile(), given) {}
A2AAgent({ type: 'test', name: 'failing', description: 'Fails in one process.' })(Failing);

await startServer({ agents: [Fan, Asking, Failing] });
