#define _GNU_SOURCE
#include "guest.h"

#include <errno.h>
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
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
  if (!strcmp(input, "write") || !strcmp(input, "io_submit")) {
    // It takes everything and looks at nothing: only the count matters.
    subject->descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC);
    return subject->descriptor < 0 ? errno : 0;
  }
  if (!strcmp(input, "epoll_wait")) {
    subject->descriptor = epoll_create1(EPOLL_CLOEXEC);
    return subject->descriptor < 0 ? errno : 0;
  }
  static const char *const others[] = {"prlimit", "prlimit-max", "setpriority", "prctl", "io_uring_setup", "msgsnd"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    if (probe_is(input, others[i])) return 0;
  }
  return EOPNOTSUPP;
}

static long set_up_ring(const char *input, unsigned long long value, struct subject *subject) {
  struct io_uring_params params = {0};
  bool cq = !strcmp(input, "io_uring_setup:cq");
  if (!strcmp(input, "io_uring_setup:clamp")) params.flags = IORING_SETUP_CLAMP;
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
  } message;
  message.type = 1;
  int queue = msgget(IPC_PRIVATE, 0600 | IPC_CREAT);
  if (queue < 0) return queue;
  // More than there is to send is refused before anything is read.
  long result = syscall(SYS_msgsnd, queue, &message, size, IPC_NOWAIT);
  int error = errno;
  msgctl(queue, IPC_RMID, NULL);
  errno = error;
  return result;
}

// Room in the caller's address space of which nothing is read: that it lies there is all that is checked.
static void *reserve(size_t room) {
  return mmap(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

static const size_t ROOM = 1ull << 40;

// What an asynchronous write of so many bytes comes to.
static long write_asynchronously(unsigned long long value, struct subject *subject) {
  aio_context_t context = 0;
  struct io_event event = {0};
  if (syscall(SYS_io_setup, 1, &context)) return -1;
  void *buffer = reserve(ROOM);
  struct iocb one = {
      .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = (unsigned)subject->descriptor, .aio_buf = (uintptr_t)buffer,
      .aio_nbytes = value};
  struct iocb *all = &one;
  long result = buffer == MAP_FAILED ? -1 : syscall(SYS_io_submit, context, 1, &all);
  // What is negative with a sign is refused when it is handed in, without a look at the buffer.
  subject->is_out_of_reach = result < 0 && (long long)value < 0;
  if (result == 1) result = syscall(SYS_io_getevents, context, 1, 1, &event, NULL) == 1 ? (long)event.res : -1;
  int error = errno;
  if (buffer != MAP_FAILED) munmap(buffer, ROOM);
  syscall(SYS_io_destroy, context);
  errno = error;
  return result;
}

enum { MOST_EVENTS = 1024 };
static struct epoll_event events[MOST_EVENTS];

static long wait_for_events(int descriptor, unsigned long long most) {
  return syscall(SYS_epoll_wait, descriptor, events, (int)most, 0);
}

struct reading count_events(const struct subject *subject, int bound) {
  int ready[MOST_EVENTS], made = 0, error = 0;
  struct epoll_event wanted = {.events = EPOLLIN};
  if (bound > MOST_EVENTS) bound = MOST_EVENTS;
  while (made < bound && !error) {
    ready[made] = eventfd(1, EFD_CLOEXEC);
    if (ready[made] < 0 || epoll_ctl(subject->descriptor, EPOLL_CTL_ADD, ready[made], &wanted)) error = errno;
    if (ready[made] >= 0) made++;
  }
  long count = error ? -1 : wait_for_events(subject->descriptor, subject->value);
  if (count < 0 && !error) error = errno;
  for (int i = 0; i < made; i++) close(ready[i]);
  if (error) return (struct reading){.kind = READING_FAILED, .error = error};
  return (struct reading){.kind = count < bound ? READING_VALUE : READING_AT_LEAST, .value = count};
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
  if (probe_is(input, "prlimit-max")) {
    // Beside the soft limit that there is.
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)probe_number(input, 1), &limit)) return -1;
    limit.rlim_max = value;
    return syscall(SYS_prlimit64, 0, probe_number(input, 1), &limit, NULL);
  }
  if (!strcmp(input, "io_submit")) return write_asynchronously(value, subject);
  if (probe_is(input, "setpriority")) return syscall(SYS_setpriority, PRIO_PROCESS, 0, (int)value);
  if (probe_is(input, "prctl")) return syscall(SYS_prctl, probe_number(input, 1), value, 0, 0, 0);
  if (probe_is(input, "io_uring_setup")) return set_up_ring(input, value, subject);
  if (probe_is(input, "msgsnd")) return send_message(value);
  if (probe_is(input, "write")) {
    void *buffer = reserve(ROOM);
    if (buffer == MAP_FAILED) return -1;
    long result = syscall(SYS_write, subject->descriptor, buffer, value);
    int error = errno;
    munmap(buffer, ROOM);
    errno = error;
    return result;
  }
  if (probe_is(input, "epoll_wait")) return wait_for_events(subject->descriptor, value);
  errno = EOPNOTSUPP;
  return -1;
}
