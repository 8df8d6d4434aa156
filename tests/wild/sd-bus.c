/* openbmc/phosphor-host-ipmid #68, app_get_device_guid(): the reply to a call
 * is not given back, and keeps its connection. Mended: it is. The service is
 * at the other end of a socket. */
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

static void *serve(void *data)
{
	sd_id128_t id = {0};
	sd_bus_message *call = NULL;
	sd_bus *bus;
	int fd = *(int *)data, got = 0;

	sd_bus_new(&bus);
	sd_bus_set_fd(bus, fd, fd);
	sd_bus_set_server(bus, 1, id);
	sd_bus_set_anonymous(bus, 1);
	sd_bus_start(bus);
	while (got >= 0 && !call) {
		got = sd_bus_process(bus, &call);
		if (!got)
			got = sd_bus_wait(bus, UINT64_MAX);
	}
	if (call)
		sd_bus_reply_method_return(call, "s", "0815");
	sd_bus_message_unref(call);
	sd_bus_flush_close_unref(bus);
	return NULL;
}

static sd_bus *connect_to(int fd)
{
	sd_bus *bus;

	sd_bus_new(&bus);
	sd_bus_set_fd(bus, fd, fd);
	sd_bus_set_anonymous(bus, 1);
	sd_bus_start(bus);
	return bus;
}

__attribute__((noinline)) static int get_guid(sd_bus *bus)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *m = NULL, *reply = NULL;
	const char *guid;
	int r;

	sd_bus_message_new_method_call(bus, &m, NULL, "/id", "org.openbmc.Id",
				       "Get");
	r = sd_bus_call(bus, m, 0, &error, &reply);
	if (r >= 0)
		r = sd_bus_message_read(reply, "s", &guid);
	sd_bus_error_free(&error);
	sd_bus_message_unref(m);
#ifdef MENDED
	sd_bus_message_unref(reply);
#endif
	return r;
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		pthread_t thread;
		sd_bus *bus;
		int fd[2];

		if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) ||
		    pthread_create(&thread, NULL, serve, &fd[0]))
			return 1;
		bus = connect_to(fd[1]);
		if (get_guid(bus) < 0)
			return 1;
		pthread_join(thread, NULL);
		sd_bus_flush_close_unref(bus);
		bus = NULL;
	}
}
