/** Which room owns which table, and the statements that touch the tables of another room. */

const ROOM = /^packages\/server\/src\/(?:([^/]+)\/)?/;
const MIGRATION = /^packages\/server\/migrations\/.*\.sql$/;

const tablesOf = {
  platform: ['continuo_migrations'],
  sessions: ['sessions', 'messages', 'session_checkpoints', 'session_shares'],
  memories: ['memories', 'memory_sources'],
  files: ['files', 'file_parts', 'file_pieces', 'file_sessions', 'removed_files'],
  tasks: [
    'tasks',
    'task_pages',
    'task_events',
    'task_commits',
    'commit_epochs',
    'task_trees',
    'task_runs',
    'artifacts',
    'erased_tasks',
  ],
  runs: [
    'instances',
    'instance_agents',
    'external_agents',
    'schedules',
    'journal',
    'model_calls',
    'usage_days',
    'task_failures',
    'task_logs',
    'agent_limits',
    'queued_runs',
  ],
  webhooks: ['webhook_endpoints', 'webhook_deliveries', 'webhook_attempts'],
  auth: ['api_keys', 'audit_log', 'signing_keys', 'refresh_tokens'],
  calls: ['idempotency_keys'],
  retention: ['retention_policies'],
};

const ownerOf = new Map(Object.entries(tablesOf).flatMap(([room, tables]) => tables.map((table) => [table, room])));

const BEFORE_A_TABLE = String.raw`\b(?:FROM|JOIN|INTO|UPDATE|USING|TABLE)\s+(?:ONLY\s+)?`;
/** A list behind FROM, as far as it has no parentheses. */
const LIST = /\bFROM\s+([\w\s.,]+?)(?=\b(?:WHERE|JOIN|LEFT|CROSS|GROUP|ORDER|LIMIT|FOR)\b|[()`'"$]|$)/g;
const NAMED = new RegExp(`${BEFORE_A_TABLE}"?(\\w+)`, 'g');
/** A table's name as a text of its own, or with a condition: for a statement that is put together. */
const LOOSE = /['"`](\w+_\w+)(?:['"`]|\s+(?:\w+\s+)?WHERE\b)/g;
const WRITTEN_TO_ANY = /\b(?:INSERT INTO|DELETE FROM|UPDATE|USING|TRUNCATE|COPY)\s+\$\{/g;
/** Copies all tables as they are, by the catalog, and makes nothing of what is in them. */
const ALL_ALIKE = /^packages\/server\/src\/platform\/backup\//;

/** What a file breaks, each with its line; `text` is all of it. */
export function brokenSql(file, text) {
  if (MIGRATION.test(file)) return unowned(text);
  const room = ROOM.exec(file)?.[1] ?? '';
  if (!ROOM.test(file) || !file.endsWith('.ts')) return [];
  const code = withoutComments(text);
  const broken = [...namedIn(code)]
    .filter(({ table }) => ownerOf.get(table) !== room)
    .map(({ table, index }) => {
      const owner = ownerOf.get(table);
      const remedy = `call a function of ${owner}/, or read through a fragment of ${owner}/views.ts`;
      return { index, say: `${table} belongs to ${owner}/: ${remedy} (docs/ARCHITECTURE.md, "Tables")` };
    });
  for (const { index } of ALL_ALIKE.test(file) ? [] : code.matchAll(WRITTEN_TO_ANY)) {
    broken.push({ index, say: 'name the table that a statement writes to: its room is to be seen' });
  }
  const at = (index) => code.slice(0, index).split('\n').length;
  return [...new Map(broken.map(({ index, say }) => [`${at(index)}${say}`, { line: at(index), say }])).values()];
}

/** Every table of ours that is named where a statement names tables. */
function* namedIn(code) {
  for (const pattern of [NAMED, LOOSE]) {
    for (const match of code.matchAll(pattern)) {
      if (ownerOf.has(match[1])) yield { table: match[1], index: match.index + match[0].indexOf(match[1]) };
    }
  }
  for (const match of code.matchAll(LIST)) {
    for (const [, table] of match[1].matchAll(/,\s*(\w+)/g))
      if (ownerOf.has(table)) yield { table, index: match.index };
  }
}

function unowned(text) {
  const made = text.matchAll(/^CREATE TABLE (?:IF NOT EXISTS )?(\w+)/gm);
  return [...made]
    .filter(([, table]) => !ownerOf.has(table))
    .map(({ 1: table, index }) => {
      return {
        line: text.slice(0, index).split('\n').length,
        say: `say in scripts/sql-rooms.mjs which room owns ${table}`,
      };
    });
}

/** Lines stay where they are. */
function withoutComments(text) {
  const blank = (comment) => comment.replaceAll(/[^\n]/g, ' ');
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, blank)
    .replaceAll(/(^|\s)\/\/.*$/gm, blank)
    .replaceAll(/^\s*--.*$/gm, blank);
}
