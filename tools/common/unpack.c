/*
 * See unpack.h. Several members of gzip, or frames of zstd, are one file.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "common/die.h"
#include "common/unpack.h"

struct unpack {
	int fd;
	bool is_zstd, inside; /* in a member or frame that has not ended */
	ZSTD_DStream *zstd;
	z_stream zlib;
	size_t begin, end; /* of what was read and not yet taken */
	char packed[65536];
};

static bool is_zstd(const char *head, size_t n)
{
	return n >= 4 && !memcmp(head, "\x28\xb5\x2f\xfd", 4);
}

bool unpack_knows(const char *head, size_t n)
{
	return is_zstd(head, n) || (n >= 2 && !memcmp(head, "\x1f\x8b", 2));
}

struct unpack *unpack_new(int fd, const char *head, size_t n)
{
	struct unpack *unpack = calloc(1, sizeof(*unpack));
	bool ready;

	if (!unpack)
		die(STATUS_FAILED, "out of memory");
	unpack->fd = fd;
	unpack->is_zstd = is_zstd(head, n);
	unpack->end = n < sizeof(unpack->packed) ? n : sizeof(unpack->packed);
	memcpy(unpack->packed, head, unpack->end);
	if (unpack->is_zstd)
		ready = (unpack->zstd = ZSTD_createDStream()) != NULL;
	else
		ready = inflateInit2(&unpack->zlib, 15 + 16) == Z_OK;
	if (!ready)
		die(STATUS_FAILED, "out of memory");
	return unpack;
}

/* More of the file; as read(). */
static ssize_t refill(struct unpack *unpack)
{
	ssize_t n;

	do
		n = read(unpack->fd, unpack->packed, sizeof(unpack->packed));
	while (n < 0 && errno == EINTR);
	unpack->begin = 0;
	unpack->end = n > 0 ? (size_t)n : 0;
	return n;
}

/* Unpacks what is there. How many bytes that made, or -1. */
static ssize_t zstd_step(struct unpack *unpack, char *to, size_t n)
{
	ZSTD_inBuffer in = {unpack->packed, unpack->end, unpack->begin};
	ZSTD_outBuffer out = {to, n, 0};
	size_t left = ZSTD_decompressStream(unpack->zstd, &out, &in);

	unpack->begin = in.pos;
	unpack->inside = left;
	return ZSTD_isError(left) ? -1 : (ssize_t)out.pos;
}

static ssize_t zlib_step(struct unpack *unpack, char *to, size_t n)
{
	z_stream *zlib = &unpack->zlib;
	int state;

	if (!unpack->inside)
		inflateReset(zlib);
	zlib->next_in = (unsigned char *)unpack->packed + unpack->begin;
	zlib->avail_in = (uInt)(unpack->end - unpack->begin);
	zlib->next_out = (unsigned char *)to;
	zlib->avail_out = (uInt)n;
	state = inflate(zlib, Z_NO_FLUSH);
	unpack->begin = unpack->end - zlib->avail_in;
	unpack->inside = state != Z_STREAM_END;
	if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
		return -1;
	return (ssize_t)(n - zlib->avail_out);
}

ssize_t unpack_read(struct unpack *unpack, char *to, size_t n)
{
	ssize_t made;

	if (n > sizeof(unpack->packed))
		n = sizeof(unpack->packed);
	for (;;) {
		if (unpack->begin < unpack->end || unpack->inside) {
			made = unpack->is_zstd ? zstd_step(unpack, to, n)
					       : zlib_step(unpack, to, n);
			if (made < 0)
				errno = EBADMSG;
			if (made)
				return made;
		}
		if (unpack->begin < unpack->end)
			continue;
		made = refill(unpack);
		if (!made && unpack->inside) {
			errno = EBADMSG;
			return -1;
		}
		if (made <= 0)
			return made;
	}
}

void unpack_free(struct unpack *unpack)
{
	if (!unpack)
		return;
	ZSTD_freeDStream(unpack->zstd);
	if (!unpack->is_zstd)
		inflateEnd(&unpack->zlib);
	free(unpack);
}
