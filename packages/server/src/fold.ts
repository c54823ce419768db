/** The fold of a task's log for whoever reads it elsewhere, as `@continuo/server/fold`: it is that of `@continuo/agent`. */
export * from '@continuo/agent/fold';
