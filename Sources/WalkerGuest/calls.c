#define _GNU_SOURCE
#include "guest.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

// A socket of a kind; a unix socket that shall listen has an address of its own that no file stands for.
static int make_socket(const char *kind, bool listens, struct subject *subject) {
  int family = probe_is(kind, "unix") ? AF_UNIX : AF_INET;
  int type = probe_is(kind, "udp") ? SOCK_DGRAM : SOCK_STREAM;
  subject->descriptor = socket(family, type | SOCK_CLOEXEC, 0);
  if (subject->descriptor < 0) return errno;
  if (!listens) return 0;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  // An address of the family alone: the kernel chooses one.
  return bind(subject->descriptor, (struct sockaddr *)&address, sizeof(sa_family_t)) ? errno : 0;
}

int make_plain_subject(const char *input, struct subject *subject) {
  if (!strcmp(input, "listen:unix")) return make_socket("unix", true, subject);
  if (probe_is(input, "setsockopt")) return make_socket(strchr(input, ':') + 1, false, subject);
  if (!strcmp(input, "write")) {
    // It takes everything and looks at nothing: only the count matters.
    subject->descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC);
    return subject->descriptor < 0 ? errno : 0;
  }
  if (!strcmp(input, "epoll_wait")) {
    subject->descriptor = epoll_create1(EPOLL_CLOEXEC);
    return subject->descriptor < 0 ? errno : 0;
  }
  static const char *const others[] = {"prlimit", "setpriority", "prctl", "io_uring_setup", "msgsnd"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    if (probe_is(input, others[i])) return 0;
  }
  return EOPNOTSUPP;
}

static long set_up_ring(bool cq, unsigned long long value, struct subject *subject) {
  struct io_uring_params params = {0};
  if (cq) params.flags = IORING_SETUP_CQSIZE, params.cq_entries = (unsigned)value;
  long ring = syscall(SYS_io_uring_setup, cq ? 1u : (unsigned)value, &params);
  if (ring < 0) return ring;
  subject->sq_entries = params.sq_entries;
  subject->cq_entries = params.cq_entries;
  close((int)ring);
  // Which descriptor it is says nothing of the number.
  return 0;
}

static long send_message(unsigned long long size) {
  static struct {
    long type;
    char text[1 << 20];
  } message = {.type = 1};
  int queue = msgget(IPC_PRIVATE, 0600 | IPC_CREAT);
  if (queue < 0) return queue;
  // More than there is to send is refused before anything is read.
  long result = syscall(SYS_msgsnd, queue, &message, size, IPC_NOWAIT);
  int error = errno;
  msgctl(queue, IPC_RMID, NULL);
  errno = error;
  return result;
}

long make_call(const char *input, unsigned long long value, struct subject *subject) {
  if (probe_is(input, "setsockopt")) {
    int number = (int)value;
    return syscall(
        SYS_setsockopt, subject->descriptor, probe_number(input, 2), probe_number(input, 3), &number, sizeof number);
  }
  if (probe_is(input, "prlimit")) {
    struct rlimit limit = {value, value};
    return syscall(SYS_prlimit64, 0, probe_number(input, 1), &limit, NULL);
  }
  if (probe_is(input, "setpriority")) return syscall(SYS_setpriority, PRIO_PROCESS, 0, (int)value);
  if (probe_is(input, "prctl")) return syscall(SYS_prctl, probe_number(input, 1), value, 0, 0, 0);
  if (probe_is(input, "io_uring_setup")) return set_up_ring(!strcmp(input, "io_uring_setup:cq"), value, subject);
  if (probe_is(input, "msgsnd")) return send_message(value);
  if (probe_is(input, "write")) {
    // Nothing is read from there; that it is within the caller's address space is checked.
    size_t room = 1ull << 40;
    void *buffer = mmap(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (buffer == MAP_FAILED) return -1;
    long result = syscall(SYS_write, subject->descriptor, buffer, value);
    int error = errno;
    munmap(buffer, room);
    errno = error;
    return result;
  }
  if (probe_is(input, "epoll_wait")) {
    static struct epoll_event events[16];
    return syscall(SYS_epoll_wait, subject->descriptor, events, (int)value, 0);
  }
  errno = EOPNOTSUPP;
  return -1;
}
