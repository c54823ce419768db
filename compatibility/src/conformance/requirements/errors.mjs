/** What errors look like whatever the binding (sections 3.3.2, 5.1, 5.4), and that all operations are there (5.3). */
import { equal, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { all } from '../../check.mjs';
import { must, should } from '../requirement.mjs';
import { faultOf, inOrder } from '../trial.mjs';

const id = randomUUID();
/** A request of each that can't be granted. */
const operations = Object.entries({
  SendMessage: { message: {} },
  GetTask: { id },
  ListTasks: { pageSize: 0 },
  CancelTask: { id },
  CreateTaskPushNotificationConfig: { taskId: id, url: 'https://hook.example' },
  GetTaskPushNotificationConfig: { taskId: id, id: 'one' },
  ListTaskPushNotificationConfigs: { taskId: id },
  DeleteTaskPushNotificationConfig: { taskId: id, id: 'one' },
});
const streams = Object.entries({ SendStreamingMessage: { message: {} }, SubscribeToTask: { id } });

async function faultsOf(t) {
  const faults = [];
  for (const [operation, params] of operations) faults.push([operation, await faultOf(t.call(operation, params))]);
  for (const [operation, params] of streams) faults.push([operation, await faultOf(all(t.stream(operation, params)))]);
  return faults;
}

const unknown = {
  JSONRPC: [-32_601, -32_603],
  GRPC: ['UNIMPLEMENTED', 'INTERNAL', 'UNKNOWN'],
  'HTTP+JSON': [405, 500, 501],
};
/** Of a message, one at a time. */
const lacking = Object.entries({
  messageId: { messageId: '' },
  role: { role: 'ROLE_UNSPECIFIED' },
  parts: { parts: [] },
});

export const errorRequirements = [
  must('5.3', 'All operations are there.', async (t) => {
    for (const [operation, { code, message }] of await faultsOf(t)) {
      ok(!unknown[t.binding].includes(code), `${operation}: ${message}`);
    }
  }),
  must('3.3.2', 'Each error has a code and words.', async (t) => {
    for (const [operation, { code, said }] of await faultsOf(t)) ok(code && said, operation);
  }),
  must('3.3.2', 'Each detail of an error says its type.', async (t) => {
    for (const [operation, { details = [] }] of await faultsOf(t)) {
      for (const detail of details) equal(typeof detail['@type'], 'string', operation);
    }
  }),
  should('3.3.2', 'Each error has details of a well-known type.', async (t) => {
    for (const [operation, fault] of await faultsOf(t))
      ok(fault.detail('ErrorInfo') ?? fault.detail('BadRequest'), operation);
  }),
  ...lacking.map(([field, fields]) =>
    (field === 'parts' ? must : should)('5.7', `A message without ${field} is refused.`, async (t) => {
      await t.refused(t.call('SendMessage', { message: t.message('answers', fields) }), 'InvalidParams');
    }),
  ),
  should('4.1.6', 'A part with nothing in it is refused.', async (t) => {
    await t.refused(t.call('SendMessage', { message: t.message('answers', { parts: [{}] }) }), 'InvalidParams');
  }),
  should('3.3.2', 'What is refused is named, with what was expected.', async (t) => {
    for (const [field, fields] of lacking) {
      const fault = await faultOf(t.call('SendMessage', { message: t.message('answers', fields) }));
      const violations = fault.detail('BadRequest')?.fieldViolations ?? [];
      ok(
        violations.some((violation) => violation.field.includes(field) && violation.description),
        field,
      );
    }
  }),
  must('5.1', 'The same request is refused alike over all bindings of the card.', async (t) => {
    const other = t.binding === 'JSONRPC' ? 'HTTP+JSON' : 'JSONRPC';
    for (const [operation, params] of operations) {
      const faults = [await t.port(), await t.port('answers', { binding: other })].map((port) =>
        faultOf(port.call(operation, params)),
      );
      const [one, another] = await Promise.all(faults);
      equal(`${operation} ${one.reason}`, `${operation} ${another.reason}`);
    }
  }),
  must('5.1', 'A task is the same over all bindings of the card.', async (t) => {
    const { id: made } = await t.begin('chunks');
    const read = async (binding) => (await t.port('chunks', { binding })).call('GetTask', { id: made });
    const [one, another] = [await read(t.binding), await read(t.binding === 'JSONRPC' ? 'HTTP+JSON' : 'JSONRPC')];
    equal(JSON.stringify(sorted(one)), JSON.stringify(sorted(another)));
  }),
];

/** The order of members says nothing, and neither do members at their default. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const names = inOrder(Object.keys(value)).filter((name) => {
    const member = value[name];
    return member !== '' && member !== false && !(Array.isArray(member) && member.length === 0);
  });
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}
