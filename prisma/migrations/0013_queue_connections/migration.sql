-- Queue systems that are watched: the console's own and others. Credentials in `config` are encrypted.
CREATE TABLE queue_connection (
  id              text           PRIMARY KEY,
  kind            text           NOT NULL,
  name            text           NOT NULL,
  config          jsonb          NOT NULL DEFAULT '{}',
  revision        integer        NOT NULL DEFAULT 1,
  -- up, down, or unknown before the first try.
  state           text           NOT NULL DEFAULT 'unknown',
  state_since     timestamptz(3) NOT NULL,
  -- What went wrong in one sentence, and the steps that were tried, as JSON.
  problem         text,
  tried           jsonb,
  -- What was found there: product and version.
  found           text,
  failures        integer        NOT NULL DEFAULT 0,
  last_read_at    timestamptz(3),
  -- Sampling: when it is due, and who does it until when.
  next_read_at    timestamptz(3) NOT NULL,
  reader          text,
  reader_until    timestamptz(3),
  created_at      timestamptz(3) NOT NULL,
  updated_at      timestamptz(3) NOT NULL
);

CREATE UNIQUE INDEX queue_connection_name_key ON queue_connection (lower(name));
CREATE INDEX queue_connection_next_read_at_idx ON queue_connection (next_read_at);

INSERT INTO queue_connection (id, kind, name, state_since, next_read_at, created_at, updated_at)
VALUES ('own', 'own', 'Seaworthy', now(), now(), now(), now());

-- How often a job came back from the dead letters, where the system itself does not count.
CREATE TABLE queue_redrive (
  connection_id text           NOT NULL,
  job_key       text           NOT NULL,
  count         integer        NOT NULL,
  last_at       timestamptz(3) NOT NULL,
  PRIMARY KEY (connection_id, job_key)
);

CREATE INDEX queue_redrive_last_at_idx ON queue_redrive (last_at);

-- Samples are now of any connection.
ALTER TABLE series.queue_sample ADD COLUMN connection text NOT NULL DEFAULT 'own';
ALTER TABLE series.queue_sample DROP CONSTRAINT queue_sample_pkey;
ALTER TABLE series.queue_sample ADD PRIMARY KEY (connection, queue, at);
