/* A key for each connection, with a reference too many. Mended: it goes. */
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <stdlib.h>

struct connection {
	BIO *bio;
};

__attribute__((noinline)) static struct connection *keep(BIO *bio)
{
	struct connection *connection = calloc(1, sizeof *connection);

	BIO_up_ref(bio);
	connection->bio = bio;
	BIO_set_data(bio, connection);
	return connection;
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		BIO *bio = BIO_new(BIO_s_null());
		struct connection *connection = keep(bio);

#ifdef MENDED
		BIO_free(connection->bio);
		free(connection);
#endif
		BIO_free(bio);
		bio = NULL;
		(void)connection;
	}
}
