-- Before every script here. KEYS[1]: what all keys begin with.
-- ARGV: now in ms ('' = this Redis's own clock), the epoch the caller knows ('' = none), a name for a new epoch,
-- crowd (above so many people changes are gathered), pause (ms between two tellings then), and the script's own.
--
-- A room is (each of them vanishes when empty):
--   <room>           sorted set  user:connection → deadline
--   <room>:people    sorted set  user → since when; whoever is shown as here
--   <room>:tally     hash        user → number of connections
--   <room>:leaving   sorted set  user → when `left` is told, unless they are back before
--   <room>:coming    sorted set  user → when `joined` is told; only while recovering
--   <room>:news      hash        user → 1 or -1, gathered changes
-- `joined` and `left` alternate because only entering and leaving <room>:people tells anything.
-- The people of the whole server are the room @server, where nothing is told.
local PREFIX, NOW = KEYS[1] .. ':', tonumber(ARGV[1])
if not NOW then
  local time = redis.call('TIME')
  NOW = time[1] * 1000 + math.floor(time[2] / 1000)
end
local CROWD, PAUSE = tonumber(ARGV[4]), tonumber(ARGV[5])
local SERVER = '@server'
local changes, order = {}, {} -- room → {joined, left}, to be told by the caller; the rooms, as they came

-- The epoch is the name of this Redis's memory. A caller that knows another one has seen it emptied: for a while
-- what the beats bring is old news, and what is new waits until all processes have brought theirs.
local EPOCH, UNTIL = redis.call('GET', PREFIX .. '@epoch'), 0
if not EPOCH then
  EPOCH = ARGV[3]
  redis.call('SET', PREFIX .. '@epoch', EPOCH)
end
if ARGV[2] ~= '' and ARGV[2] ~= EPOCH then
  UNTIL = NOW + RECOVERY
  redis.call('SET', PREFIX .. '@recovery', UNTIL, 'PX', 10 * RECOVERY)
else
  UNTIL = tonumber(redis.call('GET', PREFIX .. '@recovery') or 0)
end
local RECOVERING = NOW < UNTIL

local function key(room, part)
  return PREFIX .. room .. (part and ':' .. part or '')
end

local function count(room)
  return redis.call('ZCARD', key(room, 'people'))
end

-- A sweep looks at the room at that time, or before.
local function look_again(room, at)
  local due = redis.call('ZSCORE', PREFIX .. '@due', room)
  if not due or tonumber(due) > at then
    redis.call('ZADD', PREFIX .. '@due', at, room)
  end
end

local function say(room, user, sign)
  if not changes[room] then
    changes[room] = { {}, {} }
    order[#order + 1] = room
  end
  table.insert(changes[room][sign > 0 and 1 or 2], tonumber(user))
end

local function crowded(room)
  if count(room) > CROWD or redis.call('EXISTS', key(room, 'news')) == 1 then
    return true
  end
  local pace = key(room, 'pace:' .. math.floor(NOW / 1000))
  local so_far = redis.call('INCR', pace)
  redis.call('PEXPIRE', pace, 2000)
  return so_far > FAST
end

-- Someone came (1) or left (-1): said now, or gathered. Both within one gathering is nothing.
local function tell(room, user, sign)
  if room == SERVER then
    return
  end
  if redis.call('HDEL', key(room, 'news'), user) == 1 then
    return
  end
  if not crowded(room) then
    return say(room, user, sign)
  end
  redis.call('HSET', key(room, 'news'), user, sign)
  look_again(room, math.max(NOW, tonumber(redis.call('GET', key(room, 'told')) or 0) + PAUSE))
end

-- All that is to be told, as {room, people now, {joined}, {left}} each.
local function told()
  local list = {}
  for _, room in ipairs(order) do
    list[#list + 1] = { room, count(room), changes[room][1], changes[room][2] }
  end
  return list
end

local function came(room, user)
  if redis.call('ZREM', key(room, 'leaving'), user) == 1 or redis.call('ZSCORE', key(room, 'people'), user) then
    return
  end
  redis.call('ZADD', key(room, 'people'), NOW, user)
  if RECOVERING then
    redis.call('ZADD', key(room, 'coming'), UNTIL, user)
    look_again(room, UNTIL)
  else
    tell(room, user, 1)
  end
end

-- Someone who was told long ago, and whom this Redis forgot.
local function known(room, user)
  redis.call('ZREM', key(room, 'leaving'), user)
  redis.call('ZREM', key(room, 'coming'), user)
  redis.call('ZADD', key(room, 'people'), 'NX', NOW, user)
end

local function gone(room, user, seen)
  redis.call('ZREM', key(room, 'people'), user)
  redis.call('ZREM', key(room, 'leaving'), user)
  if room == SERVER then
    redis.call('ZADD', PREFIX .. '@seen', seen, user)
  end
  if redis.call('ZREM', key(room, 'coming'), user) == 0 then
    tell(room, user, -1)
  end
end

-- A connection lives on for another LIFETIME. `old`: it was told before.
local function renew(room, member, old)
  if redis.call('ZADD', key(room), NOW + LIFETIME, member) == 0 then
    return
  end
  local user = string.match(member, '^%d+')
  redis.call('HINCRBY', key(room, 'tally'), user, 1)
  look_again(room, NOW + LIFETIME)
  if old and RECOVERING then
    known(room, user)
  else
    came(room, user)
  end
end

-- One connection less. Returns whether it was the person's last.
local function last(room, user)
  if redis.call('HINCRBY', key(room, 'tally'), user, -1) > 0 then
    return false
  end
  redis.call('HDEL', key(room, 'tally'), user)
  return true
end

-- Who is there: {people, the first of them, who types}.
local function listing(room, everybody)
  local people = count(room)
  local upto = (everybody or people <= CROWD_SHOWN) and -1 or FEW - 1
  local typing = redis.call('ZRANGEBYSCORE', key(room, 'typing'), '(' .. (NOW - TYPING), '+inf')
  return { people, redis.call('ZRANGE', key(room, 'people'), 0, upto), typing }
end
