/**
 * What BullMQ keeps in Redis, read by scripts of our own: many queues or jobs in one round trip. Keys (BullMQ 5 and 6):
 * lists `wait`, `paused`, `active`; sorted sets `prioritized`, `delayed`, `waiting-children`, `failed`, `completed`; a hash
 * `meta` and one hash for each job. These scripts only read; what changes jobs is the library's (retry-script.ts).
 */
import type { Redis } from "ioredis";

/** ARGV: prefix, since (ms), times wanted, queue names. Answers one row a queue. */
const READ_QUEUES = `
local rows = {}
local since, most = ARGV[2], tonumber(ARGV[3])
local function due(base, id)
  local t = redis.call('HMGET', base .. id, 'timestamp', 'delay')
  if not t[1] then return false end
  return (tonumber(t[1]) or 0) + (tonumber(t[2] or '0') or 0)
end
for i = 4, #ARGV do
  local base = ARGV[1] .. ':' .. ARGV[i] .. ':'
  local meta = redis.call('HMGET', base .. 'meta', 'paused', 'version')
  local oldest = false
  local function older(id) if id then local t = due(base, id); if t and (not oldest or t < oldest) then oldest = t end end end
  older(redis.call('LINDEX', base .. 'wait', -1))
  older(redis.call('LINDEX', base .. 'paused', -1))
  for _, id in ipairs(redis.call('ZRANGE', base .. 'prioritized', 0, 19)) do older(id) end
  local waits, runs = {}, {}
  for _, id in ipairs(redis.call('ZREVRANGEBYSCORE', base .. 'completed', '+inf', '(' .. since, 'LIMIT', 0, most)) do
    local t = redis.call('HMGET', base .. id, 'timestamp', 'delay', 'processedOn', 'finishedOn')
    if t[1] and t[3] and t[4] then
      waits[#waits + 1] = math.max(0, t[3] - t[1] - (tonumber(t[2] or '0') or 0))
      runs[#runs + 1] = math.max(0, t[4] - t[3])
    end
  end
  rows[#rows + 1] = {
    redis.call('LLEN', base .. 'wait') + redis.call('LLEN', base .. 'paused') + redis.call('ZCARD', base .. 'prioritized'),
    redis.call('LLEN', base .. 'active'),
    redis.call('ZCARD', base .. 'delayed') + redis.call('ZCARD', base .. 'waiting-children'),
    redis.call('ZCARD', base .. 'failed'), redis.call('ZCARD', base .. 'completed'),
    redis.call('ZCOUNT', base .. 'completed', '(' .. since, '+inf'), redis.call('ZCOUNT', base .. 'failed', '(' .. since, '+inf'),
    redis.call('GET', base .. 'id') or '', oldest and string.format('%.0f', oldest) or '', meta[1] or '', meta[2] or '', waits, runs }
end
return rows`;

/**
 * KEYS: a sorted set. ARGV: score and member to continue after ('' to begin), how many, 'asc' or 'desc'. Works also when
 * that member has left the set. Answers members and scores.
 */
const PAGE_OF_SET = `
local key, score, member, count, isUp = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4] == 'asc'
local start = 0
if score ~= '' then
  local rank = redis.call(isUp and 'ZRANK' or 'ZREVRANK', key, member)
  if rank then start = rank + 1
  else
    start = isUp and redis.call('ZCOUNT', key, '-inf', '(' .. score) or redis.call('ZCOUNT', key, '(' .. score, '+inf')
    for _, other in ipairs(redis.call('ZRANGEBYSCORE', key, score, score)) do
      if (isUp and other < member) or (not isUp and other > member) then start = start + 1 end
    end
  end
end
return redis.call(isUp and 'ZRANGE' or 'ZREVRANGE', key, start, start + count - 1, 'WITHSCORES')`;

/** KEYS: the queue's base. ARGV: longest data to bring ('0' brings none), job ids. Answers for each its fields, or nil. */
const READ_JOBS = `
local most = tonumber(ARGV[1])
local rows = {}
for i = 2, #ARGV do
  local key = KEYS[1] .. ARGV[i]
  local f = redis.call('HMGET', key, 'name', 'opts', 'timestamp', 'delay', 'priority', 'atm', 'attemptsMade', 'processedOn', 'finishedOn', 'failedReason', 'deid')
  if not f[3] then rows[#rows + 1] = false
  else
    for n = 1, 11 do f[n] = f[n] or '' end
    f[12] = (most > 0 and redis.call('HSTRLEN', key, 'data') <= most) and redis.call('HGET', key, 'data') or ''
    rows[#rows + 1] = f
  end
end
return rows`;

/** KEYS: the queue's base. ARGV: job ids. Answers the place of each, '' when it is nowhere. */
const PLACES = `
local rows = {}
for _, id in ipairs(ARGV) do
  local place = ''
  for _, set in ipairs({ 'failed', 'completed', 'delayed', 'prioritized', 'waiting-children' }) do
    if redis.call('ZSCORE', KEYS[1] .. set, id) then place = set break end
  end
  if place == '' then
    for _, list in ipairs({ 'active', 'wait', 'paused' }) do
      if redis.call('LPOS', KEYS[1] .. list, id) then place = list break end
    end
  end
  rows[#rows + 1] = place
end
return rows`;

type Scripted = Redis & {
  seaworthyQueues: (...given: (string | number)[]) => Promise<unknown[][]>;
  seaworthyPage: (key: string, ...given: (string | number)[]) => Promise<string[]>;
  seaworthyJobs: (key: string, ...given: (string | number)[]) => Promise<(string[] | null)[]>;
  seaworthyPlaces: (key: string, ...ids: string[]) => Promise<string[]>;
  seaworthyRetry: (key: string, ...ids: string[]) => Promise<number[]>;
};

/** Makes the scripts commands of this connection. */
export async function withScripts(redis: Redis): Promise<Scripted> {
  const { RETRY_MANY } = await import("./retry-script.ts");
  redis.defineCommand("seaworthyQueues", { numberOfKeys: 0, lua: READ_QUEUES, readOnly: true });
  redis.defineCommand("seaworthyPage", { numberOfKeys: 1, lua: PAGE_OF_SET, readOnly: true });
  redis.defineCommand("seaworthyJobs", { numberOfKeys: 1, lua: READ_JOBS, readOnly: true });
  redis.defineCommand("seaworthyPlaces", { numberOfKeys: 1, lua: PLACES, readOnly: true });
  redis.defineCommand("seaworthyRetry", { numberOfKeys: 1, lua: RETRY_MANY });
  return redis as Scripted;
}

export type ScriptedRedis = Scripted;
