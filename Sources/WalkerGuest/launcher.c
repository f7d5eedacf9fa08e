#define _GNU_SOURCE
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Where the program finds the bytes that came on standard input: /dev/fd/9. So no file is left behind, whatever happens.
enum { GIVEN = 9 };
// As of timeout(1) and of shells.
enum { TIMED_OUT = 124, NOT_STARTED = 127, ABANDONED = 125 };

static bool take_bytes(long long count) {
  static char buffer[1 << 16];
  int memory = memfd_create("given", 0);
  if (memory < 0) return false;
  while (count > 0) {
    ssize_t got = read(0, buffer, count < (long long)sizeof buffer ? (size_t)count : sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || write(memory, buffer, (size_t)got) != got) return false;
    count -= got;
  }
  return lseek(memory, 0, SEEK_SET) == 0 && dup2(memory, GIVEN) == GIVEN;
}

static void run_program(char **program, pid_t launcher) {
  const struct rlimit none = {0, 0};
  // Dies with the launcher, which dies with walker: its standard input ends then.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != launcher) _exit(ABANDONED);
  setpgid(0, 0);
  setrlimit(RLIMIT_CORE, &none);
  signal(SIGINT, SIG_DFL), signal(SIGTERM, SIG_DFL), signal(SIGPIPE, SIG_DFL);
  int nothing = open("/dev/null", O_RDONLY);
  if (nothing >= 0) dup2(nothing, 0);
  execvp(program[0], program);
  int error = errno;
  dprintf(2, "%s can't be started: %s\n", program[0], strerror(error));
  _exit(NOT_STARTED);
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000ll + time.tv_nsec / 1000000;
}

static volatile sig_atomic_t is_told_to_end;

static void end(int signal) {
  (void)signal;
  is_told_to_end = 1;
}

// SECONDS BYTES PROGRAM ARGUMENT…: runs the program until it ends, the time is over, standard input ends, or SIGTERM comes.
int launch(int count, char **arguments) {
  if (count < 3) return 64;
  long long over = now() + atoll(arguments[0]) * 1000;
  // An interrupt from the terminal is walker's to handle.
  signal(SIGINT, SIG_IGN), signal(SIGTERM, end), signal(SIGPIPE, SIG_IGN);
  if (!take_bytes(atoll(arguments[1]))) return ABANDONED;
  pid_t launcher = getpid(), program = fork();
  if (program < 0) return NOT_STARTED;
  if (program == 0) run_program(arguments + 2, launcher);
  setpgid(program, program);
  int status, result = -1;
  while (result < 0) {
    struct pollfd input = {.fd = 0, .events = POLLIN};
    char ignored;
    if (waitpid(program, &status, WNOHANG) == program) {
      // What it started itself ends, too.
      kill(-program, SIGKILL);
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (now() >= over) result = TIMED_OUT;
    if (is_told_to_end) result = ABANDONED;
    if (poll(&input, 1, 20) > 0 && read(0, &ignored, 1) <= 0) result = ABANDONED;
  }
  kill(-program, SIGKILL);
  waitpid(program, &status, 0);
  return result;
}
