#define _GNU_SOURCE
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

char *read_descriptor(int descriptor, size_t limit) {
  size_t length = 0, room = 1 << 16;
  char *text = malloc(room + 1);
  while (text) {
    ssize_t count = read(descriptor, text + length, room - length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    length += (size_t)count;
    if (length > limit) break;
    if (length < room) continue;
    char *larger = realloc(text, (room *= 2) + 1);
    if (!larger) free(text);
    text = larger;
  }
  if (text) text[length] = 0;
  return text;
}

char *read_all(const char *path) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return NULL;
  char *text = read_descriptor(file, 64 << 20);
  close(file);
  return text;
}

bool write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (file < 0) return false;
  bool written = write(file, text, strlen(text)) == (ssize_t)strlen(text);
  int error = errno;
  close(file);
  errno = error;
  return written;
}

// `NAME=NUMBER NAME=NUMBER…`: sysctls, and what is so of the caller. false when a sysctl could not be set: that is
// answered.
static bool set_knobs(const char *id, char *knobs, struct caller *caller) {
  for (char *word; (word = strsep(&knobs, " "));) {
    if (!*word) continue;
    char *name = strsep(&word, "=");
    if (word && take_caller(name, word, caller)) continue;
    int error = word ? write_knob(name, strtoll(word, NULL, 10)) : EINVAL;
    if (!error) continue;
    answer("%s failed knob:%s %d", id, name, error);
    return false;
  }
  return true;
}

struct answered {
  // What failed, where something did.
  char step[32];
  struct reading reading;
};

static struct answered attempt(
    const char *input, unsigned long long value, const char *reader, const struct caller *caller) {
  struct answered told = {"", {.kind = READING_FAILED}};
  struct subject subject = {.descriptor = -1, .other = -1};
  const char *step = "";
  int error = caller->is_apart ? become_caller(caller, &step) : 0;
  if (!error) {
    step = "subject";
    error = make_subject(input, &subject);
  }
  if (!error) {
    step = "input";
    error = give_input(input, value, &subject);
    if (subject.is_out_of_reach) step = "handing";
    else if (!strcmp(reader, "return") || probe_is(reader, "refused")) error = 0;
  }
  if (!error) {
    step = "reading";
    told.reading = read_result(reader, &subject);
  } else {
    told.reading.error = error;
  }
  strncpy(told.step, step, sizeof told.step - 1);
  close_subject(&subject);
  return told;
}

// In a process of its own, so that a limit, a priority, or privilege that is given up stays there. Its answer comes back
// over a pipe, since answers are numbered.
static struct answered attempt_apart(
    const char *input, unsigned long long value, const char *reader, const struct caller *caller) {
  int ends[2], status;
  struct answered told = {"subject", {.kind = READING_FAILED, .error = ECHILD}};
  if (pipe2(ends, O_CLOEXEC)) {
    told.reading.error = errno;
    return told;
  }
  pid_t child = fork();
  if (child == 0) {
    told = attempt(input, value, reader, caller);
    _exit(write(ends[1], &told, sizeof told) == (ssize_t)sizeof told ? 0 : 1);
  }
  int error = errno;
  close(ends[1]);
  if (child < 0) {
    told.reading.error = error;
  } else {
    if (read(ends[0], &told, sizeof told) != (ssize_t)sizeof told) told.reading.error = EPIPE;
    waitpid(child, &status, 0);
  }
  close(ends[0]);
  return told;
}

// These change the process that makes them.
static bool changes_process(const char *input) {
  return probe_is(input, "prlimit") || probe_is(input, "prlimit-max") || probe_is(input, "setpriority") ||
         probe_is(input, "prctl");
}

static void ask(const char *id, const char *input, unsigned long long value, const char *reader, char *knobs) {
  struct caller caller = {.is_apart = changes_process(input), .privileged = -1};
  if (!set_knobs(id, knobs, &caller)) return;
  struct answered told = (caller.is_apart ? attempt_apart : attempt)(input, value, reader, &caller);
  const struct reading reading = told.reading;
  if (reading.kind == READING_FAILED) {
    answer("%s failed %s %d", id, told.step, reading.error);
  } else if (reading.without_sign) {
    answer("%s value %llu", id, (unsigned long long)reading.value);
  } else {
    answer("%s %s %lld", id, reading.kind == READING_VALUE ? "value" : "at-least", reading.value);
  }
}

static void answer_question(char *line) {
  const char *id = strsep(&line, " "), *kind = strsep(&line, " ");
  if (!kind) return;
  const char *first = strsep(&line, " ");
  char *second = strsep(&line, " ");
  char *third = strsep(&line, " ");
  if (!strcmp(kind, "knob") && first) {
    long long value;
    int error = read_knob(first, &value);
    if (error) {
      answer("%s failed knob:%s %d", id, first, error);
    } else {
      answer("%s value %lld", id, value);
    }
  } else if (!strcmp(kind, "symbol") && first) {
    answer_symbol(id, first);
  } else if (!strcmp(kind, "ask") && third) {
    ask(id, first, strtoull(second, NULL, 10), third, line);
  } else if (!strcmp(kind, "trace") && third) {
    answer_trace(id, first, second, third, line);
  } else {
    answer("%s failed question %d", id, EOPNOTSUPP);
  }
}

void answer_questions(char *text) {
  struct utsname name;
  uname(&name);
  answer("kernel %s %s", name.release, name.version);
  for (char *line; (line = strsep(&text, "\n"));) {
    if (*line) answer_question(line);
  }
  answer_end();
}
