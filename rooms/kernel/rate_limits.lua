-- For each key: 0 when this one is allowed (and counted), else milliseconds until it would be.
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local waits = {}
for i, key in ipairs(KEYS) do
  local oldest = tonumber(redis.call('LINDEX', key, limit - 1) or '')
  if oldest and oldest <= now and oldest + window > now then -- later than now: the clock was put back
    waits[i] = oldest + window - now
  else
    redis.call('LPUSH', key, now)
    redis.call('LTRIM', key, 0, limit - 1)
    redis.call('PEXPIRE', key, window)
    waits[i] = 0
  end
end
return waits
