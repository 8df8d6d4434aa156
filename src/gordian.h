/* Draft by the lead: the ABI part is fixed, the manual part is to be written. */
#ifndef GORDIAN_H
#define GORDIAN_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct gordian_stats {
	unsigned long scans, blocks, bytes, objects, findings, pause_us;
};
enum gordian_event { GORDIAN_SCAN_START, GORDIAN_SCAN_END, GORDIAN_FINDING };
struct gordian_news {
	enum gordian_event event;
	unsigned long scan;	 /* its number */
	unsigned long long id;	 /* of the finding; else 0 */
	unsigned long count, bytes; /* of the finding; at the end of a scan:
				       new findings, bytes leaked in all */
};
typedef void gordian_callback_fn(const struct gordian_news *news, void *data);
typedef void gordian_clear_fn(void *owner);

/* The table by which header and library meet; only ever extended at its end.
 * The library exports `const struct gordian_api gordian_api_1`. */
struct gordian_api {
	size_t size; /* of the library's table, in bytes */
	void (*object)(const void *p, const char *type, int count);
	void (*ref)(const void *p);
	void (*unref)(const void *p);
	void (*link)(const void *owner, const void *slot, const char *field,
		     const void *target);
	void (*unlink)(const void *owner, const void *slot);
	void (*weak)(const void *owner, const void *slot, const char *field);
	void (*count_field)(const char *type, size_t offset, size_t size);
	void (*finalizer)(const void *p, const char *name);
	void (*resource)(const void *p, int fd);
	void (*pool_alloc)(const void *pool, const void *p, size_t size);
	void (*pool_free)(const void *pool, const void *p);
	void (*ignore)(const void *p);
	void (*root)(const void *p, size_t size);
	void (*breakable)(const void *owner, const void *slot,
			  const char *field, gordian_clear_fn *clear);
	int (*check)(void);
	int (*collect)(void);
	int (*enable)(int on); /* -1: only ask; the state before */
	long (*threshold)(long n); /* -1: only ask; the one before */
	int (*stats)(struct gordian_stats *out);
	int (*baseline)(void);
	int (*is_tracked)(const void *p);
	int (*referrers)(const void *p, const void **out, int room);
	int (*referents)(const void *p, const void **out, int room);
	int (*callback)(gordian_callback_fn *fn, void *data);
	int (*debug)(int level); /* -1: only ask; the one before */
};

#ifdef __cplusplus
}
#endif
#endif
