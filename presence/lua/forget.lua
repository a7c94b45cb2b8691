-- ARGV[6]: a user. Forgets when they were seen last. Returns {epoch, {}, 1; 0 while they are still here}.
if redis.call('ZSCORE', key(SERVER, 'people'), ARGV[6]) then
  return { EPOCH, {}, 0 } -- it would be written down again as they leave
end
redis.call('ZREM', PREFIX .. '@seen', ARGV[6])
redis.call('ZREM', PREFIX .. '@active', ARGV[6])
return { EPOCH, {}, 1 }
