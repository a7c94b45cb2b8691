-- ARGV[6…]: scope. Returns {epoch, {}, cause of its overload or ''}.
return { EPOCH, {}, redis.call('HGET', PREFIX .. '@overloads', ARGV[6]) or '' }
