#define _GNU_SOURCE
#include "guest.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

bool has_namespace_of_its_own;

bool take_caller(const char *name, const char *number, struct caller *caller) {
  bool most = probe_is(name, "rlimit-max");
  if (!strcmp(name, "privileged")) {
    caller->privileged = strtol(number, NULL, 10) != 0;
  } else if ((most || probe_is(name, "rlimit")) && caller->count < MOST_LIMITS) {
    caller->limits[caller->count].resource = (int)probe_number(name, 1);
    caller->limits[caller->count].most = most;
    caller->limits[caller->count++].number = strtoull(number, NULL, 10);
  } else {
    return false;
  }
  caller->is_apart = true;
  return true;
}

// Soft limits come last: a hard limit that is lowered takes the soft one with it, one that is raised makes room for it.
static int set_limits(const struct caller *caller, bool most) {
  for (int i = 0; i < caller->count; i++) {
    struct rlimit limit;
    if (caller->limits[i].most != most) continue;
    if (getrlimit((__rlimit_resource_t)caller->limits[i].resource, &limit)) return errno;
    if (most) {
      limit.rlim_max = caller->limits[i].number;
      if (limit.rlim_cur > limit.rlim_max) limit.rlim_cur = limit.rlim_max;
    } else {
      limit.rlim_cur = caller->limits[i].number;
      if (limit.rlim_max < limit.rlim_cur) limit.rlim_max = limit.rlim_cur;
    }
    if (setrlimit((__rlimit_resource_t)caller->limits[i].resource, &limit)) return errno;
  }
  return 0;
}

// Also for root of a namespace, who can't become another user.
static int give_up_capabilities(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[2] = {0};
  return syscall(SYS_capset, &header, none) ? errno : 0;
}

int become_caller(const struct caller *caller, const char **failed) {
  enum { NOBODY = 65534 };
  *failed = "caller:rlimit-max";
  int error = set_limits(caller, true);
  if (error) return error;
  *failed = "caller:rlimit";
  error = set_limits(caller, false);
  if (error) return error;
  *failed = "caller:privileged";
  // Root of a namespace has no privilege outside of it, and that is where most of the kernel asks.
  if (caller->privileged == 1 && (has_namespace_of_its_own || geteuid())) return EPERM;
  if (caller->privileged == 0 && has_namespace_of_its_own) return give_up_capabilities();
  if (caller->privileged == 0 && (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))) return errno;
  return 0;
}
