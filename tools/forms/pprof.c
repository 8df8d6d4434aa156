/*
 * See pprof.h. The values of a sample are counts and bytes of what one place
 * has leaked and, at the place of a finding's head, of what that keeps.
 */
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "forms/places.h"
#include "forms/pprof.h"
#include "forms/profile.h"
#include "model/kinds.h"
#include "model/model.h"
#include "render/order.h"

static void labels_add(struct profile *profile, const struct finding *finding,
		       const struct held_place *place)
{
	const struct member *member = &finding->members[place->member];

	profile_label(profile, "finding", finding->id);
	profile_label(profile, "kind", kind_words[finding->kind].word);
	if (member->type)
		profile_label(profile, "type", member->type);
}

static void finding_add(struct profile *profile, const struct finding *finding)
{
	size_t n, i;
	struct held_place *places = places_make(finding, &n);

	for (i = 0; i < n; i++) {
		const int64_t values[PROFILE_VALUES] = {
			(int64_t)places[i].count,
			(int64_t)places[i].bytes,
			(int64_t)places[i].retained_count,
			(int64_t)places[i].retained_bytes,
		};

		profile_sample(profile, places[i].stack, values);
		labels_add(profile, finding, &places[i]);
	}
	free(places);
}

void pprof_print(struct report *report, FILE *out)
{
	static const struct value_name names[PROFILE_VALUES] = {
		{"leaked_objects", "count"},
		{"leaked_space", "bytes"},
		{"retained_objects", "count"},
		{"retained_space", "bytes"},
	};
	struct order order = order_alarms(report);
	struct profile *profile = profile_new(names, 1);
	size_t i;

	for (i = 0; i < order.n; i++)
		finding_add(profile, order.list[i].finding);
	if (!profile_write(profile, out))
		die(STATUS_FAILED,
		    "cannot compress the profile: out of memory");
	profile_free(profile);
	free(order.list);
}
