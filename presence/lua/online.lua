-- ARGV[6…]: '1' for everybody, rooms. Returns {epoch, {}, a listing for each}.
local list = {}
for i = 7, #ARGV do
  list[#list + 1] = listing(ARGV[i], ARGV[6] == '1')
end
return { EPOCH, {}, list }
