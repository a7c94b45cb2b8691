-- ARGV[6…]: scope (a room or @server), most people, people ('' = those of the room), this process, the loads that it
-- feels, the cause that it believes in. Returns {epoch, {}, 1 overload begins, -1 ends, 0 neither, cause or '', people}.
local scope, most, people, process, feels, believed = unpack(ARGV, 6, 11)
local state, causes = key(scope, 'overload'), key(scope, 'causes')
most, people = tonumber(most), tonumber(people) or count(scope)

redis.call('ZREMRANGEBYSCORE', causes, '-inf', NOW)
for _, cause in ipairs({ 'loop', 'database', 'bot' }) do
  if string.find(' ' .. feels .. ' ', ' ' .. cause .. ' ', 1, true) then
    redis.call('ZADD', causes, NOW + FELT, cause .. '|' .. process)
  else
    redis.call('ZREM', causes, cause .. '|' .. process)
  end
end
if RECOVERING and believed ~= '' and redis.call('EXISTS', state) == 0 then
  redis.call('HSET', state, 'cause', believed, 'changed', NOW) -- told before this Redis was emptied
end

local was = redis.call('HGET', state, 'cause') or ''
local is = ''
if people > most or (was == 'people' and people >= 0.9 * most) then
  is = 'people'
else
  local first = redis.call('ZRANGE', causes, -1, -1)[1]
  is = first and string.match(first, '^%a+') or ''
end

local turn = 0
if (was == '') ~= (is == '') then
  local changed = tonumber(redis.call('HGET', state, 'changed'))
  if changed and NOW - changed < HOLD then
    is = was
  else
    turn = is == '' and -1 or 1
    redis.call('HSET', state, 'changed', NOW)
  end
end
if is == '' then
  redis.call('HDEL', state, 'cause')
else
  redis.call('HSET', state, 'cause', is)
end
redis.call('PEXPIRE', state, 4 * HOLD)
return { EPOCH, {}, turn, is, people }
