-- breaking: yes
-- Words are searched among the owner's own: in the index each begins with what stands for its owner, so that a search costs
-- what its owner has said, and nothing of what others have.

-- What stands for an owner in front of each word. Two may have the same: it only saves work, whose a row is is asked beside it.
CREATE FUNCTION continuo_owner_mark(tenant text, owner text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(encode(sha256(convert_to(tenant || E'\n' || owner, 'UTF8')), 'hex'), 8);

UPDATE messages m SET words = (
  SELECT coalesce(array_to_tsvector(array_agg(continuo_owner_mark(s.tenant, s.owner) || word)), '')
  FROM unnest(tsvector_to_array(m.words)) AS word WHERE octet_length(word) <= 2000)
FROM sessions s WHERE s.id = m.session_id AND m.words <> '';

-- Words that wait to be put into the index are read by every search.
ALTER INDEX messages_words SET (gin_pending_list_limit = 256);

-- Of a title that somebody gave the session. One that was made from its first message is found by that message.
ALTER TABLE sessions DROP COLUMN title_words;
ALTER TABLE sessions ADD COLUMN title_words tsvector;
UPDATE sessions s SET title_words = (
  SELECT coalesce(array_to_tsvector(array_agg(continuo_owner_mark(s.tenant, s.owner) || word)), '')
  FROM unnest(tsvector_to_array(to_tsvector('simple', left(s.title, 1000)))) AS word WHERE octet_length(word) <= 2000)
WHERE title IS NOT NULL;
CREATE INDEX sessions_title_words ON sessions USING gin (title_words) WHERE title_words IS NOT NULL;
