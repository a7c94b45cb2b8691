-- ARGV[6…]: room, user:connection, limit of connections a person (0 = none).
-- Returns {epoch, changes, admitted, listing, cause of an overload or ''}.
-- A person's connections whose process missed its beat: it is probably dead, and they do not count.
local function unheard(user)
  local found = 0
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', key(SERVER), '-inf', NOW + LIFETIME - SILENT, 'LIMIT', 0, 2000)) do
    found = found + (string.match(member, '^%d+') == user and 1 or 0)
  end
  return found
end

local room, member, limit = ARGV[6], ARGV[7], tonumber(ARGV[8])
local user = string.match(member, '^%d+')
local held = tonumber(redis.call('HGET', key(room, 'tally'), user) or 0)
if limit > 0 and held >= limit and not redis.call('ZSCORE', key(room), member) and held - unheard(user) >= limit then
  return { EPOCH, {}, 0 }
end
renew(room, member, false)
if room == SERVER then
  redis.call('ZADD', PREFIX .. '@active', NOW, user) -- here, and not away, from the first moment
  return { EPOCH, {}, 1 }
end
return { EPOCH, told(), 1, listing(room), redis.call('HGET', PREFIX .. '@overloads', room) or '' }
