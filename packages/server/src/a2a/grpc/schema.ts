/** The messages of A2A's gRPC service, by name, number and type: what reflection tells, and what is counted before it is read. */

/**
 * The fields of each message in the order of their numbers, which begin at 1. `name:type`, without a type a string;
 * `[]` repeated, `{}` a map of strings to it, `?` optional, `oneof/name` one of several.
 */
const written = {
  SendMessageRequest: 'tenant message:Message configuration:SendMessageConfiguration metadata:Struct',
  SendMessageConfiguration:
    'accepted_output_modes[] task_push_notification_config:TaskPushNotificationConfig history_length:int32? return_immediately:bool',
  SendMessageResponse: 'payload/task:Task payload/message:Message',
  StreamResponse:
    'payload/task:Task payload/message:Message payload/status_update:TaskStatusUpdateEvent payload/artifact_update:TaskArtifactUpdateEvent',
  GetTaskRequest: 'tenant id history_length:int32?',
  ListTasksRequest:
    'tenant context_id status:TaskState page_size:int32? page_token history_length:int32? status_timestamp_after:Timestamp include_artifacts:bool?',
  ListTasksResponse: 'tasks:Task[] next_page_token page_size:int32 total_size:int32',
  CancelTaskRequest: 'tenant id metadata:Struct',
  SubscribeToTaskRequest: 'tenant id',
  GetTaskPushNotificationConfigRequest: 'tenant task_id id',
  DeleteTaskPushNotificationConfigRequest: 'tenant task_id id',
  ListTaskPushNotificationConfigsRequest: 'task_id page_size:int32 page_token tenant',
  ListTaskPushNotificationConfigsResponse: 'configs:TaskPushNotificationConfig[] next_page_token',
  GetExtendedAgentCardRequest: 'tenant',
  Task: 'id context_id status:TaskStatus artifacts:Artifact[] history:Message[] metadata:Struct',
  TaskStatus: 'state:TaskState message:Message timestamp:Timestamp',
  TaskStatusUpdateEvent: 'task_id context_id status:TaskStatus metadata:Struct',
  TaskArtifactUpdateEvent: 'task_id context_id artifact:Artifact append:bool last_chunk:bool metadata:Struct',
  Message: 'message_id context_id task_id role:Role parts:Part[] metadata:Struct extensions[] reference_task_ids[]',
  Part: 'content/text content/raw:bytes content/url content/data:Value metadata:Struct filename media_type',
  Artifact: 'artifact_id name description parts:Part[] metadata:Struct extensions[]',
  TaskPushNotificationConfig: 'tenant id task_id url token authentication:AuthenticationInfo',
  AuthenticationInfo: 'scheme credentials',
  AgentCard:
    'name description supported_interfaces:AgentInterface[] provider:AgentProvider version documentation_url? capabilities:AgentCapabilities security_schemes:SecurityScheme{} security_requirements:SecurityRequirement[] default_input_modes[] default_output_modes[] skills:AgentSkill[] signatures:AgentCardSignature[] icon_url?',
  AgentInterface: 'url protocol_binding tenant protocol_version',
  AgentProvider: 'url organization',
  AgentCapabilities: 'streaming:bool? push_notifications:bool? extensions:AgentExtension[] extended_agent_card:bool?',
  AgentExtension: 'uri description required:bool params:Struct',
  AgentSkill:
    'id name description tags[] examples[] input_modes[] output_modes[] security_requirements:SecurityRequirement[]',
  AgentCardSignature: 'protected signature header:Struct',
  StringList: 'list[]',
  SecurityRequirement: 'schemes:StringList{}',
  SecurityScheme:
    'scheme/api_key_security_scheme:APIKeySecurityScheme scheme/http_auth_security_scheme:HTTPAuthSecurityScheme scheme/oauth2_security_scheme:OAuth2SecurityScheme scheme/open_id_connect_security_scheme:OpenIdConnectSecurityScheme scheme/mtls_security_scheme:MutualTlsSecurityScheme',
  APIKeySecurityScheme: 'description location name',
  HTTPAuthSecurityScheme: 'description scheme bearer_format',
  OAuth2SecurityScheme: 'description flows:OAuthFlows oauth2_metadata_url',
  OpenIdConnectSecurityScheme: 'description open_id_connect_url',
  MutualTlsSecurityScheme: 'description',
  OAuthFlows:
    'flow/authorization_code:AuthorizationCodeOAuthFlow flow/client_credentials:ClientCredentialsOAuthFlow flow/implicit:ImplicitOAuthFlow flow/password:PasswordOAuthFlow flow/device_code:DeviceCodeOAuthFlow',
  AuthorizationCodeOAuthFlow: 'authorization_url token_url refresh_url scopes{} pkce_required:bool',
  ClientCredentialsOAuthFlow: 'token_url refresh_url scopes{}',
  ImplicitOAuthFlow: 'authorization_url refresh_url scopes{}',
  PasswordOAuthFlow: 'token_url refresh_url scopes{}',
  DeviceCodeOAuthFlow: 'device_authorization_url token_url refresh_url scopes{}',
} as const;

/** In the order of their numbers, which begin at 0. */
export const enums = {
  TaskState: 'UNSPECIFIED SUBMITTED WORKING COMPLETED FAILED CANCELED INPUT_REQUIRED REJECTED AUTH_REQUIRED'
    .split(' ')
    .map((state) => `TASK_STATE_${state}`),
  Role: ['ROLE_UNSPECIFIED', 'ROLE_USER', 'ROLE_AGENT'],
} as const;

/** Request, response, and whether that is a stream, of each operation. */
export const operations = {
  SendMessage: ['SendMessageRequest', 'SendMessageResponse'],
  SendStreamingMessage: ['SendMessageRequest', 'StreamResponse', 'stream'],
  GetTask: ['GetTaskRequest', 'Task'],
  ListTasks: ['ListTasksRequest', 'ListTasksResponse'],
  CancelTask: ['CancelTaskRequest', 'Task'],
  SubscribeToTask: ['SubscribeToTaskRequest', 'StreamResponse', 'stream'],
  CreateTaskPushNotificationConfig: ['TaskPushNotificationConfig', 'TaskPushNotificationConfig'],
  GetTaskPushNotificationConfig: ['GetTaskPushNotificationConfigRequest', 'TaskPushNotificationConfig'],
  ListTaskPushNotificationConfigs: [
    'ListTaskPushNotificationConfigsRequest',
    'ListTaskPushNotificationConfigsResponse',
  ],
  GetExtendedAgentCard: ['GetExtendedAgentCardRequest', 'AgentCard'],
  DeleteTaskPushNotificationConfig: ['DeleteTaskPushNotificationConfigRequest', 'Empty'],
} as const satisfies Readonly<Record<string, readonly [request: string, response: string, streams?: 'stream']>>;

export type Operation = keyof typeof operations;

export function isOperation(name: string): name is Operation {
  return Object.hasOwn(operations, name);
}

export interface Field {
  readonly name: string;
  readonly number: number;
  /** A scalar type of Protocol Buffers, or the name of an enum or a message. */
  readonly type: string;
  readonly kind: 'single' | 'optional' | 'repeated' | 'map';
  readonly oneof: string | undefined;
}

const FIELD = /^(?:(\w+)\/)?(\w+?)(?::(\w+))?(\[\]|\{\}|\?)?$/;
const kinds = { '[]': 'repeated', '{}': 'map', '?': 'optional' } as const;

export const messages: ReadonlyMap<string, readonly Field[]> = new Map(
  Object.entries(written).map(([message, fields]) => [message, fields.split(' ').map(fieldOf)]),
);

function fieldOf(text: string, index: number): Field {
  const [, oneof, name = '', type = 'string', mark = ''] = FIELD.exec(text) ?? [];
  const kind = mark in kinds ? kinds[mark as keyof typeof kinds] : 'single';
  return { name, number: index + 1, type, kind, oneof };
}
