/** Where an event stands among all events of a caller. Its id is `epoch-transaction.task.seq`, and events come in that order. */

/** The task of an event, and its number in the log of that task. */
export function placeOf(id: string): { readonly taskId: string; readonly seq: number } {
  const [, taskId = '', seq] = id.split('.');
  return { taskId, seq: Number(seq) };
}

/** Whether `one` comes before `other`; what is no position comes before everything. */
export function isBefore(one: string, other: string): boolean {
  const [a, b] = [parsed(one), parsed(other)];
  if (a.epoch !== b.epoch) return a.epoch < b.epoch;
  if (a.transaction !== b.transaction) return a.transaction < b.transaction;
  return a.taskId === b.taskId ? a.seq < b.seq : a.taskId < b.taskId;
}

function parsed(id: string) {
  const [, epoch = '-1', transaction = '-1'] = /^(\d+)-(\d+)\./.exec(id) ?? [];
  return { epoch: BigInt(epoch), transaction: BigInt(transaction), ...placeOf(id) };
}
