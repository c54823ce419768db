-- breaking: yes
-- What comes for a task while it works lies in its log, numbered, and nowhere else: a list of it in the task's row was read and
-- written anew with each message, so that the thousandth cost more than the first.

ALTER TABLE tasks
  -- How many messages came so, and their bytes.
  ADD COLUMN inbox_count int NOT NULL DEFAULT 0,
  ADD COLUMN inbox_bytes int NOT NULL DEFAULT 0;
ALTER TABLE task_pages
  -- Which of them the page's message is, from 1, and its messageId.
  ADD COLUMN inbox_number int,
  ADD COLUMN inbox_id text;

UPDATE task_pages p SET inbox_number = i.n, inbox_id = i.message->>'messageId'
FROM tasks t CROSS JOIN LATERAL jsonb_array_elements(t.inbox) WITH ORDINALITY AS i(message, n)
WHERE t.inbox <> '[]' AND p.task_id = t.id AND p.message_seq IS NOT NULL
  AND p.keys[1] = 'inbox:' || (i.message->>'messageId');
UPDATE tasks SET inbox_count = jsonb_array_length(inbox), inbox_bytes = octet_length(inbox::text) WHERE inbox <> '[]';
ALTER TABLE tasks DROP COLUMN inbox;

CREATE INDEX task_pages_inbox ON task_pages (task_id, inbox_number) WHERE inbox_number IS NOT NULL;
-- A message that comes twice at once is delivered once.
CREATE UNIQUE INDEX task_pages_inbox_ids ON task_pages (task_id, inbox_id) WHERE inbox_id IS NOT NULL;
CREATE INDEX task_pages_answers ON task_pages (task_id, (keys[1])) WHERE keys[1] LIKE 'answer:%';
