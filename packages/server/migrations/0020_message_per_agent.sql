-- To clients every agent is a server of its own: the same message to two agents of a context makes a task of each.
CREATE UNIQUE INDEX tasks_by_message ON tasks (tenant, owner, context_id, message_id, agent);
-- A run that begins again finds its child by this id alone, also when the code names another agent now.
CREATE UNIQUE INDEX tasks_by_call ON tasks (tenant, owner, context_id, message_id) WHERE parent_id IS NOT NULL;
ALTER TABLE tasks DROP CONSTRAINT tasks_tenant_owner_context_id_message_id_key;
