-- ARGV[6…]: bots. Returns {epoch, {}, 1 or 0 for each: a worker of it is alive}.
local list = {}
for i = 6, #ARGV do
  list[#list + 1] = tonumber(redis.call('ZSCORE', PREFIX .. '@bots', ARGV[i]) or 0) > NOW and 1 or 0
end
return { EPOCH, {}, list }
