<?php
/* php-pm/php-pm #465: a request's handler keeps the timer that limits its time,
 * and the timer's callback is a method of the handler. When the request is over
 * only the loop forgets the timer. Mended: the handler forgets it, too. The
 * collector is off, as it is for whoever has too much for it. php.php [mended] */
gc_disable();

class Timer
{
    private $callback;

    public function __construct($callback)
    {
        $this->callback = $callback;
    }
}

class Loop
{
    private $timers = [];

    public function addTimer($callback)
    {
        $timer = new Timer($callback);
        $this->timers[spl_object_id($timer)] = $timer;
        return $timer;
    }

    public function cancelTimer($timer)
    {
        unset($this->timers[spl_object_id($timer)]);
    }
}

class RequestHandler
{
    private $loop;
    private $maxExecutionTimer;

    public function __construct($loop)
    {
        $this->loop = $loop;
    }

    public function handle($mended)
    {
        $this->maxExecutionTimer =
            $this->loop->addTimer([$this, 'maxExecutionTimeExceeded']);
        $this->loop->cancelTimer($this->maxExecutionTimer);
        if ($mended) {
            $this->maxExecutionTimer = null;
        }
    }

    public function maxExecutionTimeExceeded()
    {
        exit(1);
    }
}

function serve($loop, $mended)
{
    $handler = new RequestHandler($loop);
    $handler->handle($mended);
}

$loop = new Loop();
for ($i = 0; $i < 10; $i++) {
    serve($loop, $argc > 1);
}
