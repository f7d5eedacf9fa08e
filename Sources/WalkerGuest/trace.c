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

// Starts the tracer below the first of `roots` that it can be set to; its name, or NULL.
static const char *start_tracer(char *roots) {
  char process[16];
  const char *root;
  size_t length;
  do {
    root = strsep(&roots, ",");
  } while (root && !find(traceable(), root, '\n', &length));
  snprintf(process, sizeof process, "%d", getpid());
  if (!root || !set("tracing_on", "0") || !set("current_tracer", "function_graph")) return NULL;
  if (!set("set_graph_function", root) || !set("set_ftrace_pid", process)) return NULL;
  set("buffer_size_kb", "4096");
  set("max_graph_depth", "0");
  // Not every kernel has every option.
  static const char *const options[] = {"nofuncgraph-irqs", "nofuncgraph-overhead", "nofuncgraph-cpu",
                                        "nofuncgraph-duration", "nofuncgraph-proc", "nofuncgraph-abstime",
                                        "funcgraph-args"};
  for (size_t i = 0; i < sizeof options / sizeof *options; i++) set("trace_options", options[i]);
  return root;
}

void answer_trace(const char *id, const char *input, unsigned long long value, char *roots) {
  struct subject subject;
  char *text = NULL;
  int error = make_subject(input, &subject);
  const char *root = error ? NULL : start_tracer(roots);
  if (error) {
    answer("%s failed input %d", id, error);
  } else if (!root) {
    answer("%s failed tracer %d", id, errno ? errno : ENODEV);
  } else {
    set("trace", "");
    set("tracing_on", "1");
    error = give_input(input, value, &subject);
    set("tracing_on", "0");
    text = error ? NULL : read_all("/sys/kernel/tracing/trace");
    if (text) {
      answer("%s root %s", id, root);
      answer_calls(id, text);
    } else {
      answer("%s failed %s %d", id, error ? "input" : "tracer", error ? error : errno);
    }
  }
  // The tracer stays set, and off: to take it out again costs as much time as all the answers.
  free(text);
  close_subject(&subject);
}
