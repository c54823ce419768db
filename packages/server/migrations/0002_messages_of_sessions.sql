-- breaking: no
-- Messages are inserted only by statements that have written the row of their session, and hold it: a foreign key would look
-- it up again, and lock it again, for each of them. What it did when a session was deleted is done by a trigger.

CREATE FUNCTION delete_messages_of_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM messages WHERE session_id = OLD.id;
  RETURN NULL;
END
$$;

CREATE TRIGGER sessions_messages AFTER DELETE ON sessions
FOR EACH ROW EXECUTE FUNCTION delete_messages_of_session();

ALTER TABLE messages DROP CONSTRAINT messages_session_id_fkey;
