-- What a worker process says of its work: places, busy time, jobs done and failed.
ALTER TABLE "process_instance" ADD COLUMN "work" JSONB;

-- Every failed attempt at a job of the console, newest with the highest id. Written by a trigger on pg-boss's table
-- (installed with the queue), so no way of failing is missed: a handler's error, a silent worker, a job out of time.
CREATE TABLE series.queue_attempt (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue      text        NOT NULL,
  job_id     uuid        NOT NULL,
  attempt    integer     NOT NULL,
  worker     text,
  started_at timestamptz,
  ended_at   timestamptz NOT NULL,
  error      jsonb       NOT NULL,
  -- The worker fell silent while it ran the job.
  is_silent  boolean     NOT NULL,
  -- It came back later, so the job did not kill it.
  survived   boolean     NOT NULL DEFAULT false
);

CREATE INDEX queue_attempt_job_idx ON series.queue_attempt (job_id, id DESC);

-- CreateTable
CREATE TABLE "queue_quarantine" (
    "job_id" UUID NOT NULL,
    "queue" TEXT NOT NULL,
    "deaths" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "released_at" TIMESTAMPTZ(3),
    "released_by" TEXT,

    CONSTRAINT "queue_quarantine_pkey" PRIMARY KEY ("job_id")
);

-- CreateTable
CREATE TABLE "queue_policy" (
    "connection_id" TEXT NOT NULL,
    "queue" TEXT NOT NULL,
    "never_retry" TEXT,
    "concurrency" INTEGER,
    "paused_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "queue_policy_pkey" PRIMARY KEY ("connection_id","queue")
);

-- Keeps the error of an attempt that ended badly, and puts a job aside that ended the life of three workers.
CREATE FUNCTION series.note_queue_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  silent boolean := coalesce(NEW.output -> 'value' ->> 'message', '') = 'job heartbeat timeout';
  since  timestamptz;
  died   integer;
BEGIN
  INSERT INTO series.queue_attempt (queue, job_id, attempt, worker, started_at, ended_at, error, is_silent)
  VALUES (NEW.name, NEW.id, NEW.retry_count + 1,
          coalesce((SELECT p.host || ':' || p.pid FROM public.process_instance p WHERE p.id = NEW.group_tier), NEW.group_tier),
          NEW.started_on, clock_timestamp(), NEW.output, silent);
  IF silent THEN
    SELECT q.released_at INTO since FROM public.queue_quarantine q WHERE q.job_id = NEW.id;
    SELECT count(*) INTO died FROM series.queue_attempt a
    WHERE a.job_id = NEW.id AND a.is_silent AND NOT a.survived AND a.ended_at > coalesce(since, '-infinity');
    IF died >= 3 THEN
      INSERT INTO public.queue_quarantine (job_id, queue, deaths, at) VALUES (NEW.id, NEW.name, died, now())
      ON CONFLICT (job_id) DO UPDATE SET deaths = excluded.deaths, at = excluded.at, released_at = NULL, released_by = NULL;
      NEW.state := 'failed';
      NEW.completed_on := now();
    END IF;
  END IF;
  RETURN NEW;
END $$;
