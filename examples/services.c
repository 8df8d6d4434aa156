/*
 * A configuration loader with a leak that no pointer check finds. A service
 * asks its group for the settings that it does not have itself, so load()
 * stores the group in each of its services: with json_object_get(), as json-c
 * wants it. From then on group and service hold each other, and the
 * json_object_put() in main() frees neither.
 *
 * cc -g -O1 services.c -o services $(pkg-config --cflags --libs json-c)
 * gordian run ./services services.json
 */
#include <json.h>
#include <stdio.h>

/* The service's own setting, or else its group's. */
static const char *setting(struct json_object *service, const char *name)
{
	struct json_object *value, *group;

	if (json_object_object_get_ex(service, name, &value))
		return json_object_get_string(value);
	if (json_object_object_get_ex(service, "group", &group))
		return setting(group, name);
	return "none";
}

static void join_group(struct json_object *service, struct json_object *group)
{
	json_object_object_add(service, "group", json_object_get(group));
}

static struct json_object *load(const char *file)
{
	struct json_object *config = json_object_from_file(file);

	if (!config)
		return NULL;
	json_object_object_foreach(config, name, group) {
		(void)name;
		json_object_object_foreach(group, key, service) {
			(void)key;
			if (json_object_is_type(service, json_type_object))
				join_group(service, group);
		}
	}
	return config;
}

static void print(struct json_object *config)
{
	json_object_object_foreach(config, name, group) {
		json_object_object_foreach(group, key, service) {
			if (!json_object_is_type(service, json_type_object))
				continue;
			printf("%s/%s: port %s, user %s\n", name, key,
			       setting(service, "port"),
			       setting(service, "user"));
		}
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s FILE\n", argv[0]);
		return 2;
	}
	/* A daemon would load again on each SIGHUP. */
	for (int i = 0; i < 3; i++) {
		struct json_object *config = load(argv[1]);

		if (!config) {
			fprintf(stderr, "%s\n", json_util_get_last_err());
			return 1;
		}
		if (i == 0)
			print(config);
		json_object_put(config);
	}
	return 0;
}
