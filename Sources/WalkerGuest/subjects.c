#define _GNU_SOURCE
#include "guest.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int make_listener(struct subject *subject) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  subject->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (subject->descriptor < 0) return errno;
  // Port 0: the kernel chooses one that is free.
  if (bind(subject->descriptor, (struct sockaddr *)&address, sizeof address)) return errno;
  if (getsockname(subject->descriptor, (struct sockaddr *)&address, &length)) return errno;
  subject->port = address.sin_port;
  return 0;
}

static int make_pipe(struct subject *subject) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return errno;
  subject->descriptor = ends[0];
  subject->other = ends[1];
  return 0;
}

int make_subject(const char *input, struct subject *subject) {
  *subject = (struct subject){.descriptor = -1, .other = -1};
  if (!strcmp(input, "listen")) return make_listener(subject);
  if (!strcmp(input, "fcntl:F_SETPIPE_SZ")) return make_pipe(subject);
  return EOPNOTSUPP;
}

int give_input(const char *input, unsigned long long value, const struct subject *subject) {
  long result = !strcmp(input, "listen") ? syscall(SYS_listen, subject->descriptor, (int)value)
                                         : syscall(SYS_fcntl, subject->descriptor, F_SETPIPE_SZ, value);
  return result < 0 ? errno : 0;
}

void close_subject(struct subject *subject) {
  if (subject->descriptor >= 0) close(subject->descriptor);
  if (subject->other >= 0) close(subject->other);
}
