-- ARGV[6…]: scope (a room or @server), most people, people ('' = those of the room), this process, the loads that it
-- feels, the cause that it believes in. Returns {epoch, {}, 1 overload begins, -1 ends, 0 neither, cause or '', people}.
local scope, most, people, process, feels, believed = unpack(ARGV, 6, 11)
local overloads, causes, changed_at = PREFIX .. '@overloads', key(scope, 'causes'), key(scope, 'judged')
most, people = tonumber(most), tonumber(people) or count(scope)

redis.call('ZREMRANGEBYSCORE', causes, '-inf', NOW)
for _, cause in ipairs({ 'loop', 'database', 'bot' }) do
  if string.find(' ' .. feels .. ' ', ' ' .. cause .. ' ', 1, true) then
    redis.call('ZADD', causes, NOW + FELT, cause .. '|' .. process)
  else
    redis.call('ZREM', causes, cause .. '|' .. process)
  end
end
if RECOVERING and believed ~= '' then
  redis.call('HSETNX', overloads, scope, believed) -- told before this Redis was emptied
end

local was = redis.call('HGET', overloads, scope) or ''
local is
if RECOVERING and was ~= '' then
  is = was
elseif people > most or (was == 'people' and people >= 0.9 * most) then
  is = 'people'
else
  local first = redis.call('ZRANGE', causes, -1, -1)[1]
  is = first and string.match(first, '^%a+') or ''
end

local turn = 0
if (was == '') ~= (is == '') then
  local changed = tonumber(redis.call('GET', changed_at))
  if changed and NOW - changed < HOLD then
    is = was
  else
    turn = is == '' and -1 or 1
    redis.call('SET', changed_at, NOW, 'PX', 2 * HOLD)
  end
end
if is == '' then
  redis.call('HDEL', overloads, scope)
else
  redis.call('HSET', overloads, scope, is)
end
return { EPOCH, {}, turn, is, people }
