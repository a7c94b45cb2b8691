-- ARGV[6…]: rooms. Returns {epoch, {}, how many people are in each}.
local list = {}
for i = 6, #ARGV do
  list[#list + 1] = count(ARGV[i])
end
return { EPOCH, {}, list }
