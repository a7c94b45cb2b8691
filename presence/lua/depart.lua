-- ARGV[6…]: room, user:connection, grace in ms (0: told at once), '1' when an earlier arrival was confirmed.
-- Returns {epoch, changes}.
local room, member, grace, confirmed = ARGV[6], ARGV[7], tonumber(ARGV[8]), ARGV[9] == '1'
local user = string.match(member, '^%d+')
if redis.call('ZREM', key(room), member) == 0 then
  if not (confirmed and RECOVERING) then
    return { EPOCH, {} } -- expired and told already, or never here
  end
  known(room, user)
  if redis.call('HEXISTS', key(room, 'tally'), user) == 1 then
    return { EPOCH, {} }
  end
elseif not last(room, user) then
  return { EPOCH, {} }
end
if grace == 0 and not RECOVERING then
  gone(room, user, NOW)
  return { EPOCH, told() }
end
-- While recovering, another process may still bring a connection of theirs.
local due = math.max(NOW + grace, UNTIL)
redis.call('ZADD', key(room, 'leaving'), due, user)
look_again(room, due + LATE)
return { EPOCH, told() }
