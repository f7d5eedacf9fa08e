#define _GNU_SOURCE
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static struct reading value(long long number) { return (struct reading){.kind = READING_VALUE, .value = number}; }
static struct reading unsigned_value(unsigned long long number) {
  return (struct reading){.kind = READING_VALUE, .value = (long long)number, .without_sign = true};
}
static struct reading failed(int error) { return (struct reading){.kind = READING_FAILED, .error = error}; }

static struct reading read_tcp_info(const char *field, const struct subject *subject) {
  static const struct {
    const char *name;
    size_t offset;
  } fields[] = {
      {"tcpi_sacked", offsetof(struct tcp_info, tcpi_sacked)},
      {"tcpi_unacked", offsetof(struct tcp_info, tcpi_unacked)},
  };
  struct tcp_info info;
  socklen_t length = sizeof info;
  if (getsockopt(subject->descriptor, IPPROTO_TCP, TCP_INFO, &info, &length)) return failed(errno);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    uint32_t number;
    if (strcmp(field, fields[i].name)) continue;
    if (fields[i].offset + sizeof number > length) return failed(ENODATA);
    memcpy(&number, (char *)&info + fields[i].offset, sizeof number);
    return value(number);
  }
  return failed(EOPNOTSUPP);
}

static struct reading read_sockopt(const char *option, const struct subject *subject) {
  int number = 0;
  socklen_t length = sizeof number;
  if (strcmp(option, "TCP_FASTOPEN")) return failed(EOPNOTSUPP);
  if (getsockopt(subject->descriptor, IPPROTO_TCP, TCP_FASTOPEN, &number, &length)) return failed(errno);
  return value(number);
}

// Asks the kernel's socket table for the listener, which is another way to the same numbers.
static struct reading read_sock_diag(const char *field, const struct subject *subject) {
  struct {
    struct nlmsghdr head;
    struct inet_diag_req_v2 request;
  } question = {
      .head = {.nlmsg_len = sizeof question, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST},
      .request = {.sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP, .idiag_states = ~0u,
                  .id = {.idiag_sport = subject->port, .idiag_src = {htonl(INADDR_LOOPBACK)},
                         .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}},
  };
  union {
    struct nlmsghdr head;
    char bytes[8192];
  } reply;
  struct timeval patience = {.tv_sec = 2};
  int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (netlink < 0) return failed(errno);
  setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ssize_t count = send(netlink, &question, sizeof question, 0);
  if (count >= 0) count = recv(netlink, &reply, sizeof reply, 0);
  int error = errno;
  close(netlink);
  if (count < 0) return failed(error);
  if ((size_t)count < NLMSG_HDRLEN) return failed(EBADMSG);
  if (reply.head.nlmsg_type == NLMSG_ERROR) {
    struct nlmsgerr *message = NLMSG_DATA(&reply.head);
    return failed(message->error ? -message->error : EBADMSG);
  }
  if ((size_t)count < NLMSG_LENGTH(sizeof(struct inet_diag_msg))) return failed(EBADMSG);
  struct inet_diag_msg *message = NLMSG_DATA(&reply.head);
  if (!strcmp(field, "idiag_wqueue")) return value(message->idiag_wqueue);
  if (!strcmp(field, "idiag_rqueue")) return value(message->idiag_rqueue);
  return failed(EOPNOTSUPP);
}

static struct reading read_fcntl(const char *command, const struct subject *subject) {
  if (strcmp(command, "F_GETPIPE_SZ")) return failed(EOPNOTSUPP);
  long number = fcntl(subject->descriptor, F_GETPIPE_SZ);
  return number < 0 ? failed(errno) : value(number);
}

static struct reading read_option(const char *reader, const struct subject *subject) {
  int number = 0;
  socklen_t length = sizeof number;
  int level = (int)probe_number(reader, 1), option = (int)probe_number(reader, 2);
  if (getsockopt(subject->descriptor, level, option, &number, &length)) return failed(errno);
  return value(number);
}

static struct reading read_limit(const char *reader, bool most) {
  struct rlimit limit;
  if (getrlimit((int)probe_number(reader, 1), &limit)) return failed(errno);
  return unsigned_value(most ? limit.rlim_max : limit.rlim_cur);
}

static struct reading read_priority(void) {
  errno = 0;
  int number = getpriority(PRIO_PROCESS, 0);
  return errno ? failed(errno) : value(number);
}

static struct reading read_prctl(const char *reader) {
  errno = 0;
  long number = syscall(SYS_prctl, probe_number(reader, 1), 0, 0, 0, 0);
  // What does not fit is not told from an error.
  return number < 0 ? failed(errno ? errno : EOVERFLOW) : value(number);
}

// All 64 bits of it, which prctl() can't return.
static struct reading read_timer_slack(void) {
  char *text = read_all("/proc/self/timerslack_ns"), *end = text;
  if (!text) return failed(errno);
  errno = 0;
  unsigned long long number = strtoull(text, &end, 10);
  int error = end == text ? ENODATA : errno;
  free(text);
  return error ? failed(error) : unsigned_value(number);
}

struct reading read_result(const char *reader, const struct subject *subject) {
  if (!strcmp(reader, "return")) return value(subject->returned);
  if (probe_is(reader, "refused")) return value(subject->returned == -probe_number(reader, 1));
  if (!strcmp(reader, "getpriority")) return read_priority();
  if (probe_is(reader, "getsockopt")) return read_option(reader, subject);
  if (probe_is(reader, "rlimit")) return read_limit(reader, false);
  if (probe_is(reader, "rlimit-max")) return read_limit(reader, true);
  if (probe_is(reader, "prctl")) return read_prctl(reader);
  if (!strcmp(reader, "timerslack_ns")) return read_timer_slack();
  if (!strcmp(reader, "io_uring:sq_entries")) return value(subject->sq_entries);
  if (!strcmp(reader, "io_uring:cq_entries")) return value(subject->cq_entries);
  const char *detail = strchr(reader, ':');
  if (!detail) return failed(EOPNOTSUPP);
  size_t length = (size_t)(++detail - reader);
  if (!strncmp(reader, "tcp-info:", length)) return read_tcp_info(detail, subject);
  if (!strncmp(reader, "sock-diag:", length)) return read_sock_diag(detail, subject);
  if (!strncmp(reader, "sockopt:", length)) return read_sockopt(detail, subject);
  if (!strncmp(reader, "fcntl:", length)) return read_fcntl(detail, subject);
  if (!strncmp(reader, "connections:", length)) return count_connections(subject, atoi(detail));
  if (!strncmp(reader, "events:", length)) return count_events(subject, atoi(detail));
  if (!strncmp(reader, "half-open:", length)) return count_half_open(subject, atoi(detail));
  return failed(EOPNOTSUPP);
}
