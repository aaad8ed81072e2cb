-- Sliding window counters, several at once: all of them are counted, or none when one of them is full.
-- KEYS: one hash a counter. ARGV: three numbers a counter: limit, window in milliseconds, cost.
-- Answers three numbers a counter: what is left, milliseconds until the cost fits (0: it did), milliseconds to the window's end.
-- Redis' own clock decides, so that processes whose clocks differ count the same windows.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answer, kept, refused = {}, {}, false

for n, key in ipairs(KEYS) do
    local limit, window, cost = tonumber(ARGV[3 * n - 2]), tonumber(ARGV[3 * n - 1]), tonumber(ARGV[3 * n])
    local index = math.floor(now / window)
    local into = now - index * window
    local stored = redis.call('HMGET', key, 'index', 'count', 'before')
    local count, before = 0, 0
    if stored[1] then
        local age = index - tonumber(stored[1])
        if age == 0 then
            count, before = tonumber(stored[2]), tonumber(stored[3])
        elseif age == 1 then
            before = tonumber(stored[2])
        end
    end
    -- The window before counts by the part of it that the sliding window still covers.
    local used = before * (1 - into / window) + count
    local room = limit - cost
    local wait = 0
    if used > room then
        refused = true
        if count <= room then
            wait = window * (1 - (room - count) / before) - into
        elseif count > 0 then
            wait = window - into + window * math.max(0, 1 - math.max(room, 0) / count)
        else
            wait = window - into
        end
        wait = math.max(1, math.ceil(wait))
    end
    kept[n] = { key, index, count, before, window, cost }
    answer[3 * n - 2] = math.max(0, math.floor(limit - used))
    answer[3 * n - 1] = wait
    answer[3 * n] = window - into
end

if not refused then
    for n, one in ipairs(kept) do
        redis.call('HSET', one[1], 'index', one[2], 'count', one[3] + one[6], 'before', one[4])
        redis.call('PEXPIRE', one[1], 2 * one[5])
        answer[3 * n - 2] = math.max(0, answer[3 * n - 2] - one[6])
    end
end
return answer
