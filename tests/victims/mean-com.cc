/* Classes that count by hand refer to each other by plain pointers. */
#include "victim.h"

struct Object {
	unsigned refs_ = 1;
	virtual ~Object()
	{
	}
	void AddRef()
	{
		refs_++;
	}
	void Release()
	{
		if (!--refs_)
			delete this;
	}
};

struct Sink : Object {
	Object *source = nullptr;
	~Sink()
	{
		source->Release();
	}
};

struct Source : Object {
	Sink *sink = nullptr;
	long state = 0;
	~Source()
	{
		sink->Release();
	}
};

static NOINLINE Sink *sink_make(Source *source)
{
	Sink *sink = new Sink;

	sink->source = source;
	source->AddRef();
	return sink;
}

static NOINLINE void make()
{
	Source *source = new Source;

	source->sink = sink_make(source);
	source->Release();
}

int main()
{
	say("expect cycle count=3 bytes=168 members=2 parts=0 ring=2 root=* "
#ifdef NAMED
	    "cause=cycle title=Source_⇄_Sink "
	    "advice=set_Sink::source_without_taking_a_reference "
#endif
	    "cut=24+16>32");
	TIMES(3)
	away(make);
	return 0;
}
