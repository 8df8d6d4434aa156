-- Each kind of value, the parser, coroutines, metatables, the libraries.
local t = {}
for i = 1, 100 do t[i] = {i, tostring(i), x = function() return t[i], i end} end
setmetatable(t, {__gc = function() end, __index = string})
local co = coroutine.wrap(function(...)
	for i = 1, 10 do coroutine.yield(i) end
end)
for _ = 1, 5 do co() end
local s = string.rep("long ", 1000)
print(#s:gsub("%w+", string.upper), #string.format("%99.3f %s", 1, s))
print(load("local a <const>, b <close> = 1; goto x; do end ::x:: return a"))
print(pcall(load, function() error("no") end), select("#", table.unpack(t)))
for w in s:gmatch("%a+") do t[w] = (t[w] or 0) + 1 end
table.sort(t, function(a, b) return a[1] > b[1] end)
print(io.open("/etc/passwd"):read("a"):len(), os.date(), utf8.char(228, 8364))
local f = string.dump(function(a, ...) local b = a; return function() return b, ... and 1 end end)
print(load(f, "f", "b"), collectgarbage("count") > 0, debug.traceback("here"))
print(table.concat({1, 2, 3}, ","), string.pack("i4s", 1, "two"))
