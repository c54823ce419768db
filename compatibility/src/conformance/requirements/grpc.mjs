/** What is particular to gRPC (section 10). */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { must } from '../requirement.mjs';
import { faultOf } from '../trial.mjs';

const only = { on: ['GRPC'] };

export const grpc = [
  must(
    '10.2',
    'Service parameters are read from metadata.',
    async (t) => {
      const fault = await faultOf(t.call('ListTasks', {}, { headers: { 'a2a-version': '99.0' } }));
      equal(fault.reason, 'VERSION_NOT_SUPPORTED');
    },
    only,
  ),
  must(
    '10.6',
    'An error of A2A has an ErrorInfo with reason, and the domain a2a-protocol.org.',
    async (t) => {
      const { details, code } = await faultOf(t.call('GetTask', { id: 'nothing' }));
      const [info] = details.filter((detail) => detail['@type'].endsWith('.ErrorInfo'));
      deepEqual([code, info?.reason, info?.domain], ['NOT_FOUND', 'TASK_NOT_FOUND', 'a2a-protocol.org']);
    },
    only,
  ),
  must(
    '10.6',
    'An error of a request is INVALID_ARGUMENT, with words.',
    async (t) => {
      const { code, said } = await faultOf(t.call('SendMessage', {}));
      equal(code, 'INVALID_ARGUMENT');
      ok(said);
    },
    only,
  ),
  must(
    '10.3',
    'A stream that is cancelled leaves its task alone.',
    async (t) => {
      const { id } = await t.beginLong();
      for await (const event of t.stream('SubscribeToTask', { id }, { agent: 'waits' })) if (event) break;
      equal((await t.call('GetTask', { id }, { agent: 'waits' })).status.state.includes('CANCELED'), false);
      await t.cancel(id);
    },
    only,
  ),
];
