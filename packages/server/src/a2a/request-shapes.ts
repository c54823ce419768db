/** The parameters of A2A's methods, as ProtoJSON may have them. */
import { TaskState } from '@a2a-js/sdk';
import { messageShape, plain, Shape } from '../platform/proto-json.js';

const authentication = new Shape(plain('scheme', 'credentials'));
const pushConfig = new Shape({ ...plain('tenant', 'id', 'taskId', 'url', 'token'), authentication });
const configuration = new Shape({
  ...plain('acceptedOutputModes'),
  returnImmediately: 'boolean',
  historyLength: 'number',
  ifGenerationMatch: 'number',
  taskPushNotificationConfig: pushConfig,
});

const ofTask = new Shape({
  ...plain('tenant', 'id', 'metadata'),
  historyLength: 'number',
  currentGeneration: 'number',
});
const ofPushConfigs = new Shape({ ...plain('tenant', 'taskId', 'id', 'pageToken'), pageSize: 'number' });

export const tenantShape = new Shape(plain('tenant'));
const send = new Shape({ ...plain('tenant', 'metadata'), message: messageShape, configuration });

/** By method. */
export const shapes: ReadonlyMap<string, Shape> = new Map([
  ['SendMessage', send],
  ['SendStreamingMessage', send],
  ['GetTask', ofTask],
  ['CancelTask', ofTask],
  ['SubscribeToTask', ofTask],
  [
    'ListTasks',
    new Shape({
      ...plain('tenant', 'contextId', 'pageToken', 'statusTimestampAfter'),
      includeArtifacts: 'boolean',
      status: TaskState,
      pageSize: 'number',
      historyLength: 'number',
    }),
  ],
  ['CreateTaskPushNotificationConfig', pushConfig],
  ['GetTaskPushNotificationConfig', ofPushConfigs],
  ['ListTaskPushNotificationConfigs', ofPushConfigs],
  ['DeleteTaskPushNotificationConfig', ofPushConfigs],
  ['GetExtendedAgentCard', tenantShape],
]);
