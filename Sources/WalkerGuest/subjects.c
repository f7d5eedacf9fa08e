#define _GNU_SOURCE
#include "guest.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
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

bool probe_is(const char *text, const char *word) {
  size_t length = strlen(word);
  return !strncmp(text, word, length) && (!text[length] || text[length] == ':');
}

long probe_number(const char *text, int count) {
  while (count-- > 0) {
    text = strchr(text, ':');
    if (!text) return -1;
    text++;
  }
  return strtol(text, NULL, 10);
}

int make_subject(const char *input, struct subject *subject) {
  *subject = (struct subject){.descriptor = -1, .other = -1};
  if (!strcmp(input, "listen") || !strcmp(input, "listen:tcp")) return make_listener(subject);
  if (!strcmp(input, "fcntl:F_SETPIPE_SZ")) return make_pipe(subject);
  return make_plain_subject(input, subject);
}

int give_input(const char *input, unsigned long long value, struct subject *subject) {
  errno = 0;
  subject->value = value;
  if (probe_is(input, "listen")) {
    subject->returned = syscall(SYS_listen, subject->descriptor, (int)value);
  } else if (!strcmp(input, "fcntl:F_SETPIPE_SZ")) {
    subject->returned = syscall(SYS_fcntl, subject->descriptor, F_SETPIPE_SZ, value);
  } else {
    subject->returned = make_call(input, value, subject);
  }
  if (subject->returned < 0 && errno) subject->returned = -errno;
  return subject->returned < 0 ? (int)-subject->returned : 0;
}

void close_subject(struct subject *subject) {
  if (subject->descriptor >= 0) close(subject->descriptor);
  if (subject->other >= 0) close(subject->other);
}
