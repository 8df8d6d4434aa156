/*
 * A release forgotten on an error path: send() gives its message back at its
 * end, but not when the message is too long. The report has the count, how
 * many references are known, and who took the one that nobody gave back.
 *
 * cc -g -O1 -I../src forgotten.c -o forgotten
 * gordian run ./forgotten
 */
#include <gordian.h>
#include <stdio.h>
#include <stdlib.h>

struct message {
	int refs;
	int length;
};

static struct message *message_new(int length)
{
	struct message *message = calloc(1, sizeof(*message));

	if (!message)
		abort();
	GORDIAN_OBJECT(message, "message");
	message->refs = 1;
	message->length = length;
	return message;
}

static void message_get(struct message *message)
{
	GORDIAN_REF(message);
	message->refs++;
}

static void message_put(struct message *message)
{
	GORDIAN_UNREF(message);
	if (!--message->refs)
		free(message);
}

static int send(struct message *message)
{
	message_get(message);
	if (message->length > 100)
		return -1; /* here */
	printf("sent %d bytes\n", message->length);
	message_put(message);
	return 0;
}

static void deliver(int length)
{
	struct message *message = message_new(length);

	if (send(message))
		printf("%d bytes are too long\n", length);
	message_put(message);
}

int main(void)
{
	deliver(10);
	deliver(1000);
	deliver(50);
	return 0;
}
