/* Rings of two, each with a buffer that is not written: old words in the
 * buffers lead into the pairs. */
#include "victim.h"

struct Note;

struct Frame {
	Note *note = nullptr;
	char *payload = new char[4000];
};

struct Note {
	Frame *frame;
	long kind = 7;
};

static void *keep;

static NOINLINE void make()
{
	char *old[400];

	for (auto &block : old)
		block = new char[4100];
	keep = operator new(24);
	for (auto &block : old)
		for (int k = 2; k < 512; k++)
			reinterpret_cast<char **>(block)[k] =
				old[rand() % 400] + 64;
	for (auto &block : old) {
		USE(block);
		delete[] block;
	}
	for (int i = 0; i < 100; i++) {
		auto frame = new Frame;

		frame->note = new Note;
		frame->note->frame = frame;
		USE(frame);
	}
}

int main()
{
	say("expect cycle count=100 bytes=3200 retained_blocks=100 "
	    "retained_bytes=400000 nested=0 inner=no");
	away(make);
	USE(keep);
	return 0;
}
