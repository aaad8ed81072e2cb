-- Counts an attempt with every counter it concerns, or with none when one of them says to wait.
-- KEYS: the plain counters; then, where the account as a whole is guarded, its counter and the mark of an address known to it.
-- ARGV: how many plain counters; limit and window of each; then bar, first delay, longest delay and memory. Times are milliseconds.
-- Answers how long to wait; 0: counted. Every key that is touched has an end.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local plain = tonumber(ARGV[1])
local account, known = KEYS[plain + 1], KEYS[plain + 2]
local guarded = account and redis.call('EXISTS', known) == 0
local function rule(n) return tonumber(ARGV[2 * plain + 1 + n]) end
local wait = 0

for n = 1, plain do
    local limit, window = tonumber(ARGV[2 * n]), tonumber(ARGV[2 * n + 1])
    if redis.call('PTTL', KEYS[n]) < 0 then
        redis.call('PEXPIRE', KEYS[n], window)
    end
    if tonumber(redis.call('GET', KEYS[n]) or 0) >= limit then
        wait = math.max(wait, redis.call('PTTL', KEYS[n]), 1)
    end
end
if guarded then
    local stored = redis.call('HMGET', account, 'failures', 'last')
    local beyond = tonumber(stored[1] or 0) - rule(1)
    if beyond >= 0 then
        local delay = math.min(rule(3), rule(2) * 2 ^ beyond)
        wait = math.max(wait, tonumber(stored[2] or 0) + delay - now)
    end
end
if wait > 0 then
    return math.ceil(wait)
end

for n = 1, plain do
    if redis.call('INCR', KEYS[n]) == 1 then
        redis.call('PEXPIRE', KEYS[n], tonumber(ARGV[2 * n + 1]))
    end
end
if guarded then
    redis.call('HINCRBY', account, 'failures', 1)
    redis.call('HSET', account, 'last', now)
    redis.call('PEXPIRE', account, rule(4))
end
return 0
