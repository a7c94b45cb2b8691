-- ARGV[6…]: users who did something just now. Sweeps the rooms that are due.
-- Returns {epoch, changes, people on this shard's part of the server, 1 when more rooms wait,
-- {scope, cause of its overload, …}}.
local ROOMS, BATCH = 300, 2000

-- Who leaves is told by the process that saw it (leave.lua), or when that one is silent, by any other.
local function lateness(part)
  return part == 'leaving' and LATE or 0
end

local function soonest(room)
  local at
  for _, part in ipairs({ false, 'leaving', 'coming' }) do
    local first = redis.call('ZRANGE', key(room, part), 0, 0, 'WITHSCORES')[2]
    local due = first and tonumber(first) + lateness(part)
    if due and (not at or due < at) then
      at = due
    end
  end
  return at
end

local function overdue(room, part)
  return redis.call('ZRANGEBYSCORE', key(room, part), '-inf', NOW - lateness(part), 'LIMIT', 0, BATCH)
end

-- Tells what was gathered, when it is time. Returns when it will be, if it is not.
local function tell_news(room)
  local news = redis.call('HGETALL', key(room, 'news'))
  if #news == 0 then
    return nil
  end
  local due = tonumber(redis.call('GET', key(room, 'told')) or 0) + PAUSE
  if NOW < due then
    return due
  end
  redis.call('DEL', key(room, 'news'))
  redis.call('SET', key(room, 'told'), NOW, 'PX', 60000)
  for i = 1, #news, 2 do
    say(room, news[i], tonumber(news[i + 1]))
  end
end

local function sweep(room)
  for _, member in ipairs(overdue(room)) do
    local user = string.match(member, '^%d+')
    redis.call('ZREM', key(room), member)
    if last(room, user) then
      gone(room, user, NOW - LIFETIME)
    end
  end
  for _, user in ipairs(overdue(room, 'leaving')) do
    gone(room, user, NOW - GRACE)
  end
  for _, user in ipairs(overdue(room, 'coming')) do
    redis.call('ZREM', key(room, 'coming'), user)
    tell(room, user, 1)
  end
  redis.call('ZREM', PREFIX .. '@due', room)
  local due = tell_news(room)
  local at = soonest(room)
  if due and (not at or due < at) then
    at = due
  end
  if at then
    look_again(room, at)
  end
end

for i = 6, #ARGV do
  redis.call('ZADD', PREFIX .. '@active', NOW, ARGV[i])
end
-- When nobody swept for a while, nobody could beat either: first let them. When only the clock of this Redis was put
-- forward they do not know, and beat when they are due.
local swept = tonumber(redis.call('GET', PREFIX .. '@swept') or NOW)
redis.call('SET', PREFIX .. '@swept', NOW)
if NOW - swept > GAP then
  redis.call('SET', PREFIX .. '@patience', NOW + PATIENCE, 'PX', 10 * PATIENCE)
end
local patient = NOW < tonumber(redis.call('GET', PREFIX .. '@patience') or 0)
local rooms = patient and {} or redis.call('ZRANGEBYSCORE', PREFIX .. '@due', '-inf', NOW, 'LIMIT', 0, ROOMS)
for _, room in ipairs(rooms) do
  sweep(room)
end
redis.call('ZREMRANGEBYSCORE', PREFIX .. '@active', '-inf', NOW - REMEMBERED)
redis.call('ZREMRANGEBYSCORE', PREFIX .. '@seen', '-inf', NOW - REMEMBERED)
return { EPOCH, told(), count(SERVER), #rooms == ROOMS and 1 or 0, redis.call('HGETALL', PREFIX .. '@overloads') }
