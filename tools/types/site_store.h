/*
 * What has been found out of the calls in a module's functions.
 */
#ifndef SITE_STORE_H
#define SITE_STORE_H

struct globals;
struct known_type;
struct passage;
struct scene;
struct symbols;

/* It goes when the module is closed. */
struct sites {
	struct scene *scenes;	      /* hash by key */
	struct globals *globals;      /* hash by key */
	struct passage *passages;     /* hash by key */
	struct known_type *character; /* or NULL */
};

/* Never NULL. It is made when it is first asked for. */
struct sites *sites_of(struct symbols *symbols);

#endif
