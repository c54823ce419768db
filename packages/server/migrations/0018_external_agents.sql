-- breaking: no
-- Remote agents that administrators connect while the server runs; every instance takes them up.

CREATE TABLE external_agents (
  -- The agent is external/<name>.
  name text PRIMARY KEY,
  -- Of this connection: another one under the same name has another.
  id uuid NOT NULL,
  card text NOT NULL,
  patience_ms int NOT NULL,
  -- Their names, which are no secret.
  header_names text[] NOT NULL DEFAULT '{}',
  -- A JSON object, encrypted with a key that is stored nowhere here. Null: none.
  headers text,
  by_tenant text NOT NULL,
  by_owner text NOT NULL,
  connected_at timestamptz NOT NULL,
  -- Its open tasks are held until it is connected again.
  disconnected_at timestamptz
);
