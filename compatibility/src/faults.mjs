/** What is known not to work, whose fault it is, and where to read on. */
const agUi =
  "`@ag-ui/a2a` shows what agents say in messages alone and drops artifacts, where A2A wants results (section 3.7): the client's fault. Not reported at [ag-ui](https://github.com/ag-ui-protocol/ag-ui/issues), as far as was found.";
const adk =
  "ADK names no `taskId` in its next message unless a function call has asked, so that an answer begins a new task: the client's fault. Reported for its sister in Python, [adk-python#4934](https://github.com/google/adk-python/issues/4934) and [#3765](https://github.com/google/adk-python/issues/3765), which are open; not at [adk-js](https://github.com/google/adk-js/issues), as far as was found.";

export const faults = [
  { party: '`@google/adk` 2.0.0, `RemoteA2AAgent`', scenario: 'answer', says: adk },
  { party: '`@ag-ui/a2a` 0.0.6', scenario: 'send', says: agUi },
  { party: '`@ag-ui/a2a` 0.0.6', scenario: 'stream', says: agUi },
];
