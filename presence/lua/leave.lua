-- ARGV[6…]: pairs of a room and a user: departures that the caller saw, and whose grace is over for it.
-- Returns {epoch, changes}.
local patient = NOW < tonumber(redis.call('GET', PREFIX .. '@patience') or 0) -- see tick.lua
for i = 6, patient and 5 or #ARGV, 2 do
  local due = redis.call('ZSCORE', key(ARGV[i], 'leaving'), ARGV[i + 1])
  if due and tonumber(due) <= NOW then
    gone(ARGV[i], ARGV[i + 1], NOW - GRACE)
  end
end
return { EPOCH, told() }
