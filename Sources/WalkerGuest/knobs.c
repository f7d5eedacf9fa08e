#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool knobs_may_be_written;

enum { MOST_ELEMENTS = 32 };

// `net.ipv4.tcp_rmem[2]` is the third number of /proc/sys/net/ipv4/tcp_rmem.
static bool path_of(const char *name, char *path, size_t size, int *element) {
  if (snprintf(path, size, "/proc/sys/%s", name) >= (int)size || strstr(name, "..")) return false;
  *element = 0;
  char *open = strchr(path, '[');
  if (open) {
    char *end;
    long number = strtol(open + 1, &end, 10);
    if (end == open + 1 || strcmp(end, "]") || number < 0 || number >= MOST_ELEMENTS) return false;
    *element = (int)number;
    *open = 0;
  }
  for (char *at = path + strlen("/proc/sys/"); *at; at++) {
    if (*at == '/') return false;
    if (*at == '.') *at = '/';
  }
  return true;
}

// Returns an errno; the file's numbers, and how many there are.
static int read_numbers(const char *path, long long numbers[MOST_ELEMENTS], int *count) {
  char text[1024];
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno;
  ssize_t length = read(file, text, sizeof text - 1);
  int error = errno;
  close(file);
  if (length < 0) return error;
  text[length] = 0;
  *count = 0;
  for (char *at = text, *end; *count < MOST_ELEMENTS; at = end) {
    long long number = strtoll(at, &end, 10);
    if (end == at) break;
    numbers[(*count)++] = number;
  }
  return *count ? 0 : EINVAL;
}

int read_knob(const char *name, long long *value) {
  char path[256];
  long long numbers[MOST_ELEMENTS];
  int element, count;
  if (!path_of(name, path, sizeof path, &element)) return EINVAL;
  int error = read_numbers(path, numbers, &count);
  if (error) return error;
  if (element >= count) return EINVAL;
  *value = numbers[element];
  return 0;
}

int write_knob(const char *name, long long value) {
  char path[256], text[1024];
  long long numbers[MOST_ELEMENTS];
  int element, count;
  if (!path_of(name, path, sizeof path, &element)) return EINVAL;
  int error = read_numbers(path, numbers, &count);
  if (error) return error;
  if (element >= count) return EINVAL;
  if (numbers[element] == value) return 0;
  if (!knobs_may_be_written) return EROFS;
  // The kernel takes an array's numbers as a whole.
  numbers[element] = value;
  int length = 0;
  for (int at = 0; at < count; at++)
    length += snprintf(text + length, sizeof text - (size_t)length, "%lld%c", numbers[at], at + 1 < count ? '\t' : '\n');
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return errno;
  ssize_t written = write(file, text, (size_t)length);
  error = written < 0 ? errno : 0;
  close(file);
  if (error) return error;
  // Some sysctls take a number and keep another.
  long long now;
  error = read_knob(name, &now);
  return error ? error : now == value ? 0 : ERANGE;
}
