/** The same server with the SDK's InMemoryTaskStore: what a task costs that nobody keeps. */
process.env.BENCH_STORE = 'memory';
await import('./sdk-server.mjs');
