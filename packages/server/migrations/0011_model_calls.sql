-- breaking: no
-- What calls of language models cost. A call goes with its task; what is added up of it stays.

CREATE TABLE model_calls (
  task_id uuid NOT NULL,
  -- Made when the model had answered: what is recorded twice is there once.
  id uuid NOT NULL,
  -- The task that a user began; of that itself its own id.
  root_id uuid NOT NULL,
  -- Null for a task without a session.
  context_id text,
  tenant text NOT NULL,
  owner text NOT NULL,
  agent text NOT NULL,
  -- `provider/model id`.
  model text NOT NULL,
  at timestamptz NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  total_tokens bigint NOT NULL,
  -- Of the input: what the provider had from before, and what it keeps for later.
  cached_input_tokens bigint NOT NULL,
  cache_write_tokens bigint NOT NULL,
  -- Of the output.
  reasoning_tokens bigint NOT NULL,
  -- Billionths of a dollar; null where no price is known.
  cost_nanos bigint,
  PRIMARY KEY (task_id, id)
);
CREATE INDEX model_calls_by_owner ON model_calls (tenant, owner, at);
CREATE INDEX model_calls_by_root ON model_calls (root_id);

-- What the calls of deleted tasks add up to, by day in UTC.
CREATE TABLE usage_days (
  tenant text NOT NULL,
  owner text NOT NULL,
  day date NOT NULL,
  agent text NOT NULL,
  model text NOT NULL,
  calls bigint NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  total_tokens bigint NOT NULL,
  cached_input_tokens bigint NOT NULL,
  cache_write_tokens bigint NOT NULL,
  reasoning_tokens bigint NOT NULL,
  cost_nanos bigint NOT NULL,
  unpriced_calls bigint NOT NULL,
  PRIMARY KEY (tenant, owner, day, agent, model)
);
