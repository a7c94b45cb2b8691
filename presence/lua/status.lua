-- ARGV[6…]: users. Returns {epoch, {}, {here, ms since they did something, when they were seen} each}; -1: unknown.
local list = {}
for i = 6, #ARGV do
  local here = redis.call('ZSCORE', key(SERVER, 'people'), ARGV[i]) and 1 or 0
  local active = tonumber(redis.call('ZSCORE', PREFIX .. '@active', ARGV[i]))
  local seen = tonumber(redis.call('ZSCORE', PREFIX .. '@seen', ARGV[i]) or -1)
  list[#list + 1] = { here, active and NOW - active or -1, seen }
end
return { EPOCH, {}, list }
