#define _GNU_SOURCE
#include "guest.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOST = 2048 };

// One program for all that drops whatever comes; -1 where the kernel lets nobody load it.
static int load_dropping(void) {
  static const struct bpf_insn nothing[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
                                            {.code = BPF_JMP | BPF_EXIT}};
  union bpf_attr program = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
                            .insn_cnt = sizeof nothing / sizeof *nothing,
                            .insns = (uintptr_t)nothing,
                            .license = (uintptr_t)""};
  return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &program, sizeof program);
}

// Drops all that comes, so that the handshake's second step never arrives and the third is never made.
static int deafen(int client) {
  static const struct sock_filter nothing[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
  static const struct sock_fprog filter = {.len = 1, .filter = (struct sock_filter *)nothing};
  static int dropping = -2;
  if (dropping == -2) dropping = load_dropping();
  // To compile a filter for each client takes most of the time that there is.
  if (dropping >= 0 && !setsockopt(client, SOL_SOCKET, SO_ATTACH_BPF, &dropping, sizeof dropping)) return 0;
  return setsockopt(client, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

// A client of its own loopback address, since the kernel remembers the addresses of those who finished a handshake.
static int start_client(const struct subject *subject, unsigned source, bool is_deaf) {
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(source)};
  struct sockaddr_in to = {
      .sin_family = AF_INET, .sin_port = subject->port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (client < 0) return -1;
  bool failed = is_deaf && deafen(client);
  failed = failed || bind(client, (struct sockaddr *)&from, sizeof from);
  failed = failed || (connect(client, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS);
  if (!failed) return client;
  int error = errno;
  close(client);
  errno = error;
  return -1;
}

static struct reading counted(int count, int bound, int error) {
  if (error) return (struct reading){.kind = READING_FAILED, .error = error};
  return (struct reading){.kind = count < bound ? READING_VALUE : READING_AT_LEAST, .value = count};
}

static void close_all(const int *clients, int count) {
  for (int i = 0; i < count; i++) close(clients[i]);
}

// 127.0.0.0/8 belongs to loopback as a whole; this never gives 127.0.0.1.
static unsigned next_source(void) {
  static unsigned used;
  return INADDR_LOOPBACK + 0x100 + used++ % 0xfff000;
}

// The length of the accept queue as TCP_INFO has it.
static long long queued(const struct subject *subject) {
  struct reading reading = read_result("tcp-info:tcpi_unacked", subject);
  return reading.kind == READING_VALUE ? reading.value : -1;
}

// Whether the queue grows beyond `before`: at once as a rule, some milliseconds later on a machine under load.
static bool grows(const struct subject *subject, long long before) {
  for (int i = 0; i < 5; i++) {
    if (queued(subject) > before) return true;
    usleep(2000);
  }
  return false;
}

// A client of a Unix listener gets in at once or not at all: -1, with an error number.
static int start_unix_client(const struct sockaddr_un *to, socklen_t length) {
  int client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (client < 0 || !connect(client, (const struct sockaddr *)to, length)) return client;
  int error = errno;
  close(client);
  errno = error;
  return -1;
}

static struct reading count_unix_connections(const struct subject *subject, int bound) {
  int clients[MOST], count = 0, accepted = 0, error = 0;
  struct sockaddr_un to;
  socklen_t length = sizeof to;
  if (getsockname(subject->descriptor, (struct sockaddr *)&to, &length)) return counted(0, bound, errno);
  if (bound > MOST) bound = MOST;
  while (count < bound && (clients[count] = start_unix_client(&to, length)) >= 0) count++;
  // No room is told by this alone.
  if (count < bound && errno != EAGAIN) error = errno;
  fcntl(subject->descriptor, F_SETFL, O_NONBLOCK);
  for (int server; !error && (server = accept(subject->descriptor, NULL, NULL)) >= 0; accepted++) close(server);
  close_all(clients, count);
  return counted(accepted, bound, error);
}

struct reading count_connections(const struct subject *subject, int bound) {
  if (!subject->port) return count_unix_connections(subject, bound);
  int clients[MOST], tried = 0, accepted = 0, error = 0;
  if (bound > MOST) bound = MOST;
  while (tried < bound) {
    long long before = queued(subject);
    clients[tried] = start_client(subject, next_source(), false);
    if (clients[tried] < 0) {
      error = errno;
      break;
    }
    tried++;
    if (before < 0 || !grows(subject, before)) break;
  }
  // What counts is what accept() gives.
  fcntl(subject->descriptor, F_SETFL, O_NONBLOCK);
  for (int server; !error && (server = accept(subject->descriptor, NULL, NULL)) >= 0; accepted++) close(server);
  close_all(clients, tried);
  return counted(accepted, bound, error);
}

// Connections to the port from `tried` addresses on from `first` that are in state SYN_RECV (3), by the kernel's table.
// The addresses matter: those of an earlier listener that had the same port outlive it for some seconds.
static int half_open(unsigned short port, unsigned first, unsigned tried) {
  char *table = read_all("/proc/net/tcp"), *rest = table, *line;
  int count = 0;
  if (!table) return -1;
  while ((line = strsep(&rest, "\n"))) {
    unsigned local, remote, state;
    if (sscanf(line, " %*d: %*8x:%4x %8x:%*4x %2x", &local, &remote, &state) != 3) continue;
    if (state == 3 && local == ntohs(port) && ntohl(remote) - first < tried) count++;
  }
  free(table);
  return count;
}

struct reading count_half_open(const struct subject *subject, int bound) {
  int clients[MOST], tried = 0, error = 0;
  unsigned first = 0;
  if (bound > MOST) bound = MOST;
  while (tried < bound) {
    unsigned source = next_source();
    if (tried == 0) first = source;
    clients[tried] = start_client(subject, source, true);
    if (clients[tried] < 0) {
      error = errno;
      break;
    }
    tried++;
  }
  usleep(10000);
  int count = half_open(subject->port, first, (unsigned)tried);
  if (count < 0 && !error) error = ENOENT;
  close_all(clients, tried);
  return counted(count, bound, error);
}
