-- How each queue stands, as its connection was last read. Lists are shown from here, so a system that is down shows
-- what was last known of it.
CREATE TABLE queue_state (
  connection_id     text           NOT NULL REFERENCES queue_connection (id) ON DELETE CASCADE,
  queue             text           NOT NULL,
  waiting           integer        NOT NULL,
  active            integer        NOT NULL,
  delayed           integer        NOT NULL,
  failed            integer        NOT NULL,
  completed         integer        NOT NULL,
  dead              integer        NOT NULL,
  oldest_waiting_ms double precision,
  is_paused         boolean        NOT NULL,
  consumers         integer,
  PRIMARY KEY (connection_id, queue)
);

-- What the rules say of each queue: ok, warn or critical, since when and at which value.
CREATE TABLE queue_rule_state (
  connection_id text             NOT NULL,
  queue         text             NOT NULL,
  rule          text             NOT NULL,
  level         text             NOT NULL,
  since         timestamptz(3)   NOT NULL,
  value         double precision NOT NULL,
  PRIMARY KEY (connection_id, queue, rule),
  FOREIGN KEY (connection_id, queue) REFERENCES queue_state (connection_id, queue) ON DELETE CASCADE
);

CREATE INDEX queue_rule_state_level_idx ON queue_rule_state (level);

-- Thresholds that differ from the defaults. Kept when the queue is away for a while.
CREATE TABLE queue_threshold (
  connection_id text           NOT NULL REFERENCES queue_connection (id) ON DELETE CASCADE,
  queue         text           NOT NULL,
  rules         jsonb          NOT NULL,
  revision      integer        NOT NULL DEFAULT 1,
  updated_at    timestamptz(3) NOT NULL,
  updated_by    text           NOT NULL,
  PRIMARY KEY (connection_id, queue)
);

-- A minute of a queue: what came, went and failed, and how long jobs waited and ran, as histograms.
ALTER TABLE series.queue_sample
  ADD COLUMN consumers    integer,
  ADD COLUMN added        integer NOT NULL DEFAULT 0,
  ADD COLUMN done         integer NOT NULL DEFAULT 0,
  ADD COLUMN broken       integer NOT NULL DEFAULT 0,
  ADD COLUMN wait_buckets integer[] NOT NULL DEFAULT '{}',
  ADD COLUMN wait_counts  integer[] NOT NULL DEFAULT '{}',
  ADD COLUMN run_buckets  integer[] NOT NULL DEFAULT '{}',
  ADD COLUMN run_counts   integer[] NOT NULL DEFAULT '{}';

-- The same by the hour, from the minutes; the figures are the most of the hour, the flow its sum.
CREATE TABLE series.queue_hour (LIKE series.queue_sample INCLUDING DEFAULTS);
ALTER TABLE series.queue_hour ADD PRIMARY KEY (connection, queue, at);
CREATE INDEX queue_hour_at_idx ON series.queue_hour (at);
