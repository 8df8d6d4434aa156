# A server with a value of each kind, scripts, transactions, subscribers.
sock=$OUT/redis.sock
$RUN src/redis-server --port 0 --unixsocket $sock --save '' --appendonly yes \
	--dir $OUT --slowlog-log-slower-than 0 --latency-monitor-threshold 1 &
server=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -S $sock ] || sleep 0.3; done
cli="src/redis-cli -s $sock"
timeout 1 $cli subscribe chat >/dev/null &
timeout 1 $cli psubscribe 'c*' >/dev/null &
timeout 1 $cli blpop nothing 1 >/dev/null &
timeout 1 $cli monitor >/dev/null &
sleep 0.3
i=0
while [ $i -lt 300 ]; do
	i=$((i + 1))
	echo "set key$i value$i
rpush list item$i
sadd set member$i
sadd ints $i
hset hash field$i value$i
zadd zset $i member$i
xadd stream * field value$i
pfadd hll $i
setbit bits $i 1
geoadd geo 1$i.1 4.$i place$i
expire key$i 1000"
done | $cli >/dev/null
$cli <<X >/dev/null
config set hash-max-listpack-entries 4
config set zset-max-listpack-entries 4
config set set-max-intset-entries 4
hset other a 1 b 2 c 3 d 4 e 5 f 6
zadd ozset 1 a 2 b 3 c 4 d 5 e 6 f
sadd oset 1 2 3 4 5 6 7
multi
incr n
lpush l a b c
exec
watch key1
eval "return redis.call('get', KEYS[1])" 1 key1
script load "return 1"
function load "#!lua name=l\nredis.register_function('f', function() end)"
xgroup create stream g 0
xreadgroup group g me count 5 streams stream >
sort list alpha desc
sunionstore su set ints
sinter set ints
zunionstore zu 2 zset ozset
zrangebyscore zset 1 20 withscores
zrangebylex ozset [a [f
object encoding zset
client list
client tracking on
acl setuser bob on >secret ~* +@all
acl list
dump hash
restore h2 0 x
scan 0 match key* count 100
hscan hash 0
publish chat hi
slowlog get
latency latest
memory stats
debug object hash
info all
command docs get
config get *
bgrewriteaof
getrange key1 0 2
append key1 more
lcs key1 key2
copy hash hash2
move key1 1
swapdb 0 1
flushdb async
X
sleep 0.5
$cli shutdown nosave >/dev/null
wait $server
