-- ARGV[6…]: room, user. Returns {epoch, {}, 1 when it is to be told now}.
local room, user = ARGV[6], ARGV[7]
local last_told = tonumber(redis.call('ZSCORE', key(room, 'typing'), user) or 0)
if count(room) > CROWD or NOW - last_told < TYPING_PAUSE then
  return { EPOCH, {}, 0 }
end
redis.call('ZREMRANGEBYSCORE', key(room, 'typing'), '-inf', NOW - TYPING)
redis.call('ZADD', key(room, 'typing'), NOW, user)
redis.call('PEXPIRE', key(room, 'typing'), 2 * TYPING)
return { EPOCH, {}, 1 }
