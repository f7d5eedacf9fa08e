#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool knobs_may_be_written;

static bool path_of(const char *name, char *path, size_t size) {
  if (snprintf(path, size, "/proc/sys/%s", name) >= (int)size || strstr(name, "..")) return false;
  for (char *at = path + strlen("/proc/sys/"); *at; at++) {
    if (*at == '/') return false;
    if (*at == '.') *at = '/';
  }
  return true;
}

int read_knob(const char *name, long long *value) {
  char path[256], text[64];
  if (!path_of(name, path, sizeof path)) return EINVAL;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno;
  ssize_t count = read(file, text, sizeof text - 1);
  int error = errno;
  close(file);
  if (count < 0) return error;
  text[count] = 0;
  char *end;
  *value = strtoll(text, &end, 10);
  return end == text ? EINVAL : 0;
}

int write_knob(const char *name, long long value) {
  char path[256], text[32];
  long long now;
  if (!path_of(name, path, sizeof path)) return EINVAL;
  int error = read_knob(name, &now);
  if (error || now == value) return error;
  if (!knobs_may_be_written) return EROFS;
  int length = snprintf(text, sizeof text, "%lld\n", value);
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return errno;
  ssize_t count = write(file, text, (size_t)length);
  error = count < 0 ? errno : 0;
  close(file);
  if (error) return error;
  // Some sysctls take a number and keep another.
  error = read_knob(name, &now);
  return error ? error : now == value ? 0 : ERANGE;
}
