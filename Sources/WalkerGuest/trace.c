#define _GNU_SOURCE
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char folder[] = "/sys/kernel/tracing/";

static bool set(const char *file, const char *text) {
  char path[128];
  snprintf(path, sizeof path, "%s%s", folder, file);
  return write_file(path, text);
}

// The file's lines as text, read once.
static const char *kept(const char *path, char **memory) {
  if (!*memory) *memory = read_all(path);
  return *memory ? *memory : "";
}

static const char *traceable(void) {
  static char *functions;
  return kept("/sys/kernel/tracing/available_filter_functions", &functions);
}

static const char *symbols(void) {
  static char *table;
  return kept("/proc/kallsyms", &table);
}

// Finds `name`, or a variant that the compiler made of it (`name.isra.0`), as a word of the lines; NULL when there is none.
static const char *find(const char *text, const char *name, char before, size_t *length) {
  size_t size = strlen(name);
  for (const char *at = text; (at = strstr(at, name)); at += size) {
    if (at != text && at[-1] != before) continue;
    size_t whole = size + (at[size] == '.' ? strcspn(at + size, "\n\t ") : 0);
    // What was moved out as unlikely is a part of the function, not the function.
    if (memmem(at, whole, ".cold", 5) || !strchr("\n\t ", at[whole])) continue;
    *length = whole;
    return at;
  }
  return NULL;
}

void answer_symbol(const char *id, const char *name) {
  size_t length;
  if (!*symbols()) {
    answer("%s symbol unknown", id);
    return;
  }
  const char *found = find(traceable(), name, '\n', &length);
  if (found) {
    answer("%s symbol traceable %.*s", id, (int)length, found);
  } else if ((found = find(symbols(), name, ' ', &length))) {
    answer("%s symbol present %.*s", id, (int)length, found);
  } else {
    answer("%s symbol absent", id);
  }
}

// Lines of the function_graph tracer: `name() {`, `name();` and `}`, indented; arguments where the kernel has them.
static void answer_calls(const char *id, char *text) {
  int depth = 0, calls = 0;
  for (char *line; (line = strsep(&text, "\n"));) {
    line += strspn(line, " \t");
    if (*line == '}') {
      if (depth > 0) depth--;
      continue;
    }
    size_t name = strcspn(line, "( [");
    size_t end = strlen(line);
    while (end > 0 && strchr(" \t", line[end - 1])) end--;
    bool opens = end > 0 && line[end - 1] == '{', closed = end > 0 && line[end - 1] == ';';
    if (name == 0 || *line == '#' || (!opens && !closed)) continue;
    const char *open = strchr(line, '('), *close = open ? strrchr(open, ')') : NULL;
    int arguments = close && close > open + 1 ? (int)(close - open - 1) : 0;
    if (arguments > 300) arguments = 300;
    answer("%s call %d %.*s%s%.*s", id, depth, (int)name, line, arguments ? " " : "", arguments, open ? open + 1 : "");
    calls++;
    if (opens) depth++;
  }
  answer("%s calls %d", id, calls);
}

// Lines of the function tracer, without what comes before the function: `name <-caller`, `name(arguments) <-caller`.
static void answer_callers(const char *id, char *text) {
  for (char *line; (line = strsep(&text, "\n"));) {
    line += strspn(line, " \t");
    const char *arrow = strstr(line, " <-");
    if (*line == '#' || !arrow) continue;
    answer("%s caller %.*s %.*s", id, (int)strcspn(line, "( ["), line, (int)strcspn(arrow + 3, " +"), arrow + 3);
  }
}

// Confines tracing to some functions, by their places in the list of all: by name the kernel would search it anew for
// each. To trace every function takes an emulated machine longer than everything else that it is asked.
static bool confine(char *names) {
  int chosen = 0, filter = open("/sys/kernel/tracing/set_ftrace_filter", O_WRONLY | O_TRUNC | O_CLOEXEC);
  bool failed = filter < 0;
  for (char *name; !failed && (name = strsep(&names, ","));) {
    const char *from = traceable(), *counted = from;
    size_t length, place = 1;
    // There may be several of a name.
    for (const char *found; !failed && (found = find(from, name, '\n', &length)); from = found + length) {
      for (; counted < found; counted++) place += *counted == '\n';
      failed = dprintf(filter, "%zu\n", place) < 0;
      chosen++;
    }
  }
  return filter >= 0 && close(filter) == 0 && !failed && chosen > 0;
}

// What a tracer records of giving the input; NULL when there is nothing, with an error number and what failed.
static char *record(const char *tracer, const char *input, unsigned long long value, int *error, const char **failed) {
  // A tracer's options are there once it is set, and not in every kernel. Nothing is wanted in a line that is not asked for.
  static const char *const options[] = {"nocontext-info",       "nofuncgraph-irqs",    "nofuncgraph-overhead",
                                        "nofuncgraph-cpu",      "nofuncgraph-proc",    "nofuncgraph-duration",
                                        "nofuncgraph-abstime",  "funcgraph-args"};
  struct subject subject;
  char *text = NULL;
  *failed = "input";
  *error = make_subject(input, &subject);
  if (!*error && !set("current_tracer", tracer)) {
    *error = errno ? errno : ENODEV;
    *failed = "tracer";
  }
  if (!*error) {
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) set("trace_options", options[i]);
    set("trace", "");
    set("tracing_on", "1");
    *error = give_input(input, value, &subject);
    set("tracing_on", "0");
    if (!*error) {
      *failed = "tracer";
      text = read_all("/sys/kernel/tracing/trace");
    }
  }
  close_subject(&subject);
  return text;
}

// The first of the values that the call takes; the last one where it takes none.
static unsigned long long choose(const char *input, char *values) {
  unsigned long long value = 0;
  for (char *word; (word = strsep(&values, ","));) {
    struct subject subject;
    value = strtoull(word, NULL, 10);
    bool taken = !make_subject(input, &subject) && !give_input(input, value, &subject);
    close_subject(&subject);
    if (taken) break;
  }
  return value;
}

void answer_trace(const char *id, const char *input, char *values, char *roots, char *names) {
  const unsigned long long value = choose(input, values);
  const char *root, *failed;
  char process[16];
  size_t length;
  int error = 0;
  snprintf(process, sizeof process, "%d", getpid());
  do {
    root = strsep(&roots, ",");
  } while (root && !find(traceable(), root, '\n', &length));
  if (!root || !set("tracing_on", "0") || !set("set_ftrace_pid", process) || !set("set_graph_function", root)) {
    answer("%s failed tracer %d", id, errno ? errno : ENODEV);
    return;
  }
  set("buffer_size_kb", "4096");
  set("max_graph_depth", "0");
  // A tree of some functions does not show who called them: there may be others in between. That is recorded apart.
  char *callers = confine(names) ? record("function", input, value, &error, &failed) : NULL;
  if (!callers) set("set_ftrace_filter", "");
  char *calls = record("function_graph", input, value, &error, &failed);
  if (calls) {
    answer("%s root %s", id, root);
    answer("%s recorded %s", id, callers ? "some" : "all");
    if (callers) answer_callers(id, callers);
    answer_calls(id, calls);
  } else {
    answer("%s failed %s %d", id, failed, error ? error : ENODATA);
  }
  // The tracer stays set, and off: to take it out again would cost time.
  free(callers);
  free(calls);
}
