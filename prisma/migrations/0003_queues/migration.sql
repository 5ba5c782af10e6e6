-- High-volume series live in their own schema, written by hand and unknown to Prisma.
CREATE SCHEMA IF NOT EXISTS series;

-- Numbers live events, so that all processes know one event by one id.
CREATE SEQUENCE IF NOT EXISTS series.live_event_seq;

-- One row a queue and minute: the latest counts within it, and the deepest.
CREATE TABLE IF NOT EXISTS series.queue_sample (
  at                timestamptz NOT NULL,
  queue             text        NOT NULL,
  waiting           integer     NOT NULL,
  delayed           integer     NOT NULL,
  active            integer     NOT NULL,
  failed            integer     NOT NULL,
  dead              integer     NOT NULL,
  depth_max         integer     NOT NULL,
  oldest_waiting_ms bigint,
  PRIMARY KEY (queue, at)
);

CREATE INDEX IF NOT EXISTS queue_sample_at_idx ON series.queue_sample (at);
