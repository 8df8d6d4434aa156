/* xmlsec #199, xmlSecParseMemory(): a text that is not well-formed leaves the
 * document that was begun, which xmlFreeParserCtxt() does not free. Mended: it
 * is freed before. */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

static void on_error(void *data, const char *format, ...)
{
	(void)data;
	(void)format;
}

__attribute__((noinline)) static xmlDocPtr parse(const char *text, int n)
{
	xmlParserCtxtPtr context = xmlCreateMemoryParserCtxt(text, n);
	xmlDocPtr document = NULL;

	xmlParseDocument(context);
	if (context->wellFormed) {
		document = context->myDoc;
	} else {
#ifdef MENDED
		xmlFreeDoc(context->myDoc);
		context->myDoc = NULL;
#endif
	}
	xmlFreeParserCtxt(context);
	return document;
}

int main(void)
{
	xmlSetGenericErrorFunc(NULL, on_error);
	for (int i = 0; i < 3; i++) {
		xmlFreeDoc(parse("<a/>", 4));
		parse("\n", 1);
	}
	xmlCleanupParser();
}
