-- An attempt succeeded: the failures at this account from this address are forgotten, and the attempt is taken back where others count too.
-- KEYS: the counter of account and address, the account's own, the mark of a known address; then plain counters that lose one.
-- ARGV: how long the address stays known, in milliseconds; 0: it does not become known by this.
-- Only what is there is changed: a key that has ended meanwhile does not come back without an end.
redis.call('DEL', KEYS[1])
if tonumber(redis.call('HGET', KEYS[2], 'failures') or 0) > 0 and redis.call('EXISTS', KEYS[3]) == 0 then
    redis.call('HINCRBY', KEYS[2], 'failures', -1)
end
for n = 4, #KEYS do
    if tonumber(redis.call('GET', KEYS[n]) or 0) > 0 then
        redis.call('DECR', KEYS[n])
    end
end
if tonumber(ARGV[1]) > 0 then
    redis.call('SET', KEYS[3], 1, 'PX', ARGV[1])
end
return 0
