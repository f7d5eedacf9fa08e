#define _GNU_SOURCE
#include "guest.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// Nobody outside: what is not the namespace's own can't be changed from within, not even by a caller who is root.
enum { NOBODY = 65534 };

static bool map(pid_t process, const char *file, unsigned outside) {
  char path[64], text[32];
  snprintf(path, sizeof path, "/proc/%d/%s", process, file);
  snprintf(text, sizeof text, "0 %u 1", outside);
  return write_file(path, text);
}

// Root maps its child's users from outside: only so can the child become somebody else than root.
static int map_from_outside(void) {
  int to_child[2], status = 0;
  char signal = 0;
  pid_t target = getpid();
  if (pipe(to_child)) return errno;
  pid_t helper = fork();
  if (helper < 0) return errno;
  if (helper == 0) {
    // Without this the pipe would not end if the other process did.
    close(to_child[1]);
    if (read(to_child[0], &signal, 1) != 1) _exit(1);
    _exit(map(target, "uid_map", NOBODY) && map(target, "gid_map", NOBODY) ? 0 : errno);
  }
  int error = unshare(CLONE_NEWUSER | CLONE_NEWNET) ? errno : 0;
  if (!error && write(to_child[1], &signal, 1) != 1) error = errno;
  close(to_child[0]), close(to_child[1]);
  waitpid(helper, &status, 0);
  if (error) return error;
  if (!WIFEXITED(status) || WEXITSTATUS(status)) return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
  return setresgid(0, 0, 0) || setresuid(0, 0, 0) ? errno : 0;
}

int enter_namespace(void) {
  uid_t user = geteuid();
  gid_t group = getegid();
  int error;
  if (user == 0) {
    error = map_from_outside();
  } else {
    error = unshare(CLONE_NEWUSER | CLONE_NEWNET) ? errno : 0;
    if (!error && !write_file("/proc/self/setgroups", "deny")) error = errno;
    if (!error && !(map(getpid(), "uid_map", user) && map(getpid(), "gid_map", group))) error = errno;
  }
  if (error) return error;
  knobs_may_be_written = true;
  has_namespace_of_its_own = true;
  return raise_loopback() ? 0 : errno;
}
