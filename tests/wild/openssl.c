/* microsoft/scitt-ccf-ledger #102: X509_get_pubkey() gives a reference to the
 * certificate's key, which is taken for a borrowed one. Mended: it is given
 * back. */
#include <openssl/evp.h>
#include <openssl/x509.h>

__attribute__((noinline)) static int curve_size(X509 *certificate)
{
	EVP_PKEY *key = X509_get_pubkey(certificate);
	int bits = EVP_PKEY_get_bits(key);

#ifdef MENDED
	EVP_PKEY_free(key);
#endif
	return bits;
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		EVP_PKEY *key = EVP_EC_gen("P-256");
		X509 *certificate = X509_new();

		X509_set_pubkey(certificate, key);
		EVP_PKEY_free(key);
		if (curve_size(certificate) != 256)
			return 1;
		X509_free(certificate);
		key = NULL;
		certificate = NULL;
	}
}
