-- ARGV[6…]: pairs of a room and its connections 'user:connection user:connection …'. Returns {epoch, changes}.
for i = 6, #ARGV, 2 do
  for member in string.gmatch(ARGV[i + 1], '%S+') do
    renew(ARGV[i], member, true)
  end
end
return { EPOCH, told() }
