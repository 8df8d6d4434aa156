/* See shipped.h. The assembler reads the files, in the folder RULES. */
#include "rules/shipped.h"

#define FILE(name, path)                                     \
	__asm__(".section .rodata.shipped,\"a\",@progbits\n" \
		".hidden shipped_" #name "\n"                \
		"shipped_" #name ":\n"                       \
		"	.incbin \"" RULES path "\"\n"        \
		".hidden shipped_" #name "_end\n"            \
		"shipped_" #name "_end:\n"                   \
		".previous\n");                              \
	extern const char shipped_##name[], shipped_##name##_end[]

FILE(glib, "glib.rules");
FILE(gstreamer, "gstreamer.rules");
FILE(jansson, "jansson.rules");
FILE(json_c, "json-c.rules");
FILE(libxml2, "libxml2.rules");
FILE(openssl, "openssl.rules");
FILE(sd_bus, "sd-bus.rules");
FILE(talloc, "talloc.rules");

const struct shipped shipped_files[SHIPPED_FILES] = {
	{{"libglib-2.0.so", "libgobject-2.0.so", "libgio-2.0.so"},
	 shipped_glib,
	 shipped_glib_end},
	{{"libgstreamer-1.0.so"}, shipped_gstreamer, shipped_gstreamer_end},
	{{"libjansson.so"}, shipped_jansson, shipped_jansson_end},
	{{"libjson-c.so"}, shipped_json_c, shipped_json_c_end},
	{{"libxml2.so"}, shipped_libxml2, shipped_libxml2_end},
	{{"libcrypto.so", "libssl.so"}, shipped_openssl, shipped_openssl_end},
	{{"libsystemd.so"}, shipped_sd_bus, shipped_sd_bus_end},
	{{"libtalloc.so"}, shipped_talloc, shipped_talloc_end},
};
