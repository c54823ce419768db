/** Types of servers.mjs. */
export interface RemoteServer {
  readonly cardUrl: string;
  readonly stop: () => Promise<void>;
}

export declare function startSdk03(binding: 'JSONRPC' | 'HTTP+JSON'): Promise<RemoteServer>;
export declare function startAdk(): Promise<RemoteServer>;
