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

// `NAME=NUMBER NAME=NUMBER…`; false when one could not be set, which is answered.
static bool set_knobs(const char *id, char *knobs) {
  for (char *word; (word = strsep(&knobs, " "));) {
    if (!*word) continue;
    char *name = strsep(&word, "=");
    int error = word ? write_knob(name, strtoll(word, NULL, 10)) : EINVAL;
    if (!error) continue;
    answer("%s failed knob:%s %d", id, name, error);
    return false;
  }
  return true;
}

static void ask(const char *id, const char *input, unsigned long long value, const char *reader) {
  struct subject subject;
  int error = make_subject(input, &subject);
  if (error) {
    answer("%s failed subject %d", id, error);
  } else if ((error = give_input(input, value, &subject)) && strcmp(reader, "return") && !probe_is(reader, "refused")) {
    answer("%s failed input %d", id, error);
  } else {
    struct reading reading = read_result(reader, &subject);
    if (reading.kind == READING_FAILED) {
      answer("%s failed reading %d", id, reading.error);
    } else {
      answer("%s %s %lld", id, reading.kind == READING_VALUE ? "value" : "at-least", reading.value);
    }
  }
  close_subject(&subject);
}

// In a process of its own, so that a limit, a priority, or privilege that is given up stays there. Its answer comes back
// over a pipe, since answers are numbered.
static void ask_apart(
    const char *id, const char *input, unsigned long long value, const char *reader, bool unprivileged) {
  enum { NOBODY = 65534 };
  int ends[2];
  struct {
    char step[16];
    struct reading reading;
  } told = {"subject", {.kind = READING_FAILED, .error = ECHILD}};
  if (pipe2(ends, O_CLOEXEC)) return answer("%s failed subject %d", id, errno);
  pid_t child = fork();
  if (child == 0) {
    struct subject subject;
    int error = 0;
    if (unprivileged && (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))) error = errno;
    if (!error) error = make_subject(input, &subject);
    if (error) {
      told.reading.error = error;
    } else if (
        (error = give_input(input, value, &subject)) && strcmp(reader, "return") && !probe_is(reader, "refused")) {
      strcpy(told.step, "input");
      told.reading.error = error;
    } else {
      strcpy(told.step, "reading");
      told.reading = read_result(reader, &subject);
    }
    _exit(write(ends[1], &told, sizeof told) == (ssize_t)sizeof told ? 0 : 1);
  }
  int error = errno, status;
  close(ends[1]);
  if (child < 0) {
    told.reading.error = error;
  } else {
    if (read(ends[0], &told, sizeof told) != (ssize_t)sizeof told) told.reading.error = EPIPE;
    waitpid(child, &status, 0);
  }
  close(ends[0]);
  if (told.reading.kind == READING_FAILED) {
    answer("%s failed %s %d", id, told.step, told.reading.error);
  } else {
    answer("%s %s %lld", id, told.reading.kind == READING_VALUE ? "value" : "at-least", told.reading.value);
  }
}

// These change the process that makes them.
static bool changes_process(const char *input) {
  return probe_is(input, "prlimit") || probe_is(input, "setpriority") || probe_is(input, "prctl");
}

static void answer_question(char *line) {
  const char *id = strsep(&line, " "), *kind = strsep(&line, " ");
  if (!kind) return;
  const char *first = strsep(&line, " "), *second = strsep(&line, " ");
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
    if (!set_knobs(id, line)) return;
    unsigned long long value = strtoull(second, NULL, 10);
    if (changes_process(first)) {
      ask_apart(id, first, value, third, false);
    } else {
      ask(id, first, value, third);
    }
  } else if (!strcmp(kind, "ask-unprivileged") && third) {
    if (set_knobs(id, line)) ask_apart(id, first, strtoull(second, NULL, 10), third, true);
  } else if (!strcmp(kind, "trace") && third) {
    answer_trace(id, first, strtoull(second, NULL, 10), third, line);
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
