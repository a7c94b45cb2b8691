-- ARGV[6…]: worker, whether its queue is too long ('1', '0', '' = not to be said here), ms that it counts, bots.
-- Returns {epoch, {}}.
local worker, too_long, lifetime = ARGV[6], ARGV[7], tonumber(ARGV[8])
for i = 9, #ARGV do
  redis.call('ZADD', PREFIX .. '@bots', NOW + lifetime, ARGV[i])
end
redis.call('ZREMRANGEBYSCORE', PREFIX .. '@bots', '-inf', NOW)
if too_long == '1' then
  redis.call('ZADD', key(SERVER, 'causes'), NOW + lifetime, 'bot|' .. worker)
elseif too_long == '0' then
  redis.call('ZREM', key(SERVER, 'causes'), 'bot|' .. worker)
end
return { EPOCH, {} }
