/*
 * A library that nobody annotated: Debian's json-c, whose counted references
 * go through two functions of the program's own. What json-c keeps in its hash
 * tables is found by the scan; the macros add the counts, and who took what.
 *
 * An order asks its customer for the address, so it gets a reference to it.
 * The customer holds its orders. Neither is ever freed.
 *
 * cc -g -O1 -I../src json.c -o json $(pkg-config --cflags --libs json-c)
 * gordian run ./json
 */
#include <gordian.h>
#include <json.h>
#include <stdio.h>

static struct json_object *get(struct json_object *object)
{
	GORDIAN_REF(object);
	return json_object_get(object);
}

static void put(struct json_object *object)
{
	GORDIAN_UNREF(object);
	json_object_put(object);
}

static struct json_object *create(const char *type)
{
	struct json_object *object = json_object_new_object();

	GORDIAN_OBJECT(object, type);
	return object;
}

static struct json_object *order_new(struct json_object *customer)
{
	struct json_object *order = create("order");

	json_object_object_add(order, "customer", get(customer));
	return order;
}

int main(void)
{
	struct json_object *customer = create("customer");

	json_object_object_add(customer, "city", json_object_new_string("Ulm"));
	json_object_object_add(customer, "order", order_new(customer));
	printf("%d keys\n", json_object_object_length(customer));
	put(customer);
	return 0;
}
