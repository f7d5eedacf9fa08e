#define _GNU_SOURCE
#include "walker-worker.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static atomic_bool is_answered;

bool walker_begin_answer(void) { return !atomic_exchange(&is_answered, true); }

// Of functions that a signal handler may call.
static void end_with(walker_words words) {
  if (!walker_begin_answer()) {
    // The answer is on its way, and ends the process.
    for (;;) pause();
  }
  for (size_t done = 0; done < words.length;) {
    ssize_t count = write(1, words.bytes + done, words.length - done);
    if (count <= 0) break;
    done += (size_t)count;
  }
  _exit(0);
}

static struct {
  int parent;
  long pages;
  walker_words out_of_memory;
} watched;

// In pages, without what is mapped from files. 0 when it can't be told.
static long held(int statm) {
  char text[128];
  ssize_t count = pread(statm, text, sizeof text - 1, 0);
  if (count <= 0) return 0;
  text[count] = 0;
  char *rest;
  strtol(text, &rest, 10);
  long resident = strtol(rest, &rest, 10), shared = strtol(rest, &rest, 10);
  return resident - shared;
}

static void *watch(void *unused) {
  const struct timespec turn = {.tv_nsec = 20 * 1000 * 1000};
  int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  for (;;) {
    if (getppid() != watched.parent) _exit(0);
    if (held(statm) > watched.pages) end_with(watched.out_of_memory);
    nanosleep(&turn, NULL);
  }
  return unused;
}

void walker_watch(int parent, long megabytes, walker_words out_of_memory) {
  watched.parent = parent > 0 ? parent : getppid();
  watched.pages = megabytes * (1l << 20) / sysconf(_SC_PAGESIZE);
  watched.out_of_memory = out_of_memory;
  pthread_t thread;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  if (pthread_create(&thread, NULL, watch, NULL) == 0) pthread_detach(thread);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static struct {
  char *lowest;
  size_t size;
  walker_words overflow;
} stack;

static void on_fault(int number, siginfo_t *info, void *context) {
  (void)context;
  // Just below the stack: the zone that nothing is mapped to.
  uintptr_t address = (uintptr_t)info->si_addr, end = (uintptr_t)stack.lowest;
  if (address < end + (64 << 10) && address + (1 << 20) > end) end_with(stack.overflow);
  signal(number, SIG_DFL);
  raise(number);
}

typedef struct {
  void (*work)(void *);
  void *context;
} job;

static void *run(void *given) {
  static char alternate[64 << 10];
  const stack_t other = {.ss_sp = alternate, .ss_size = sizeof alternate};
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigaltstack(&other, NULL);
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  job *job = given;
  job->work(job->context);
  return NULL;
}

void walker_on_large_stack(size_t megabytes, walker_words overflow, void (*work)(void *), void *context) {
  job job = {work, context};
  pthread_attr_t attributes;
  pthread_t thread;
  const size_t guard = 1 << 20;
  stack.size = megabytes << 20;
  stack.overflow = overflow;
  char *zone = mmap(
    NULL, stack.size + guard, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (zone == MAP_FAILED || mprotect(zone + guard, stack.size, PROT_READ | PROT_WRITE) != 0) {
    work(context);
    return;
  }
  stack.lowest = zone + guard;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack.lowest, stack.size);
  if (pthread_create(&thread, &attributes, run, &job) == 0) {
    pthread_join(thread, NULL);
  } else {
    work(context);
  }
}
