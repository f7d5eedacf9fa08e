// The static program that walker asks a kernel with: as init of a booted guest, or as a helper on this machine.
//
// Questions come one a line (`7 ask listen 5 tcp-info:tcpi_sacked net.core.somaxconn=128`), answers go one a line, each
// with a number and a checksum, so that whatever else is written to the same place can't pass for one.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// wire.c
void answer_to(int descriptor);
__attribute__((format(printf, 1, 2))) void answer(const char *format, ...);
void answer_end(void);

// knobs.c. A knob is a sysctl by name; 0, or an error number.
int read_knob(const char *name, long long *value);
int write_knob(const char *name, long long value);
// Only where nothing of the host can change.
extern bool knobs_may_be_written;

// What was read.
enum reading_kind { READING_VALUE, READING_AT_LEAST, READING_FAILED };
struct reading {
  enum reading_kind kind;
  long long value;
  int error;
  // Whether the value is to be read without a sign.
  bool without_sign;
};

// subjects.c. What an input is given to: a listening socket, or a pipe.
struct subject {
  int descriptor;
  // A pipe's other end, or -1.
  int other;
  // Of a listening socket, in network order; 0 for a Unix one.
  unsigned short port;
  // What the call that was given the input returned; where it failed, the negative error.
  long returned;
  // Whether it refused the number before what is asked about was reached.
  bool is_out_of_reach;
  // What the input was.
  unsigned long long value;
  // Of io_uring_setup: what the kernel wrote back.
  unsigned sq_entries, cq_entries;
};
// Makes a subject without the input, then gives it the input: two steps, so that a trace sees the second alone.
int make_subject(const char *input, struct subject *subject);
int give_input(const char *input, unsigned long long value, struct subject *subject);
// The number after the COUNT-th colon of a probe's text; -1 where there is none.
long probe_number(const char *text, int count);
// The text begins with this word, and ends or goes on with a colon.
bool probe_is(const char *text, const char *word);
// caller.c. What is so of the process that makes the call.
enum { MOST_LIMITS = 8 };
struct caller {
  // Whether it is a process of its own.
  bool is_apart;
  // 1 or 0; -1: as it is.
  int privileged;
  int count;
  struct {
    int resource;
    bool most;
    unsigned long long number;
  } limits[MOST_LIMITS];
};
// Takes `privileged=0`, `rlimit:13=25` or `rlimit-max:7=4096`; false where the word is none of these.
bool take_caller(const char *name, const char *number, struct caller *caller);
// The user is root of that namespace alone.
extern bool has_namespace_of_its_own;
// Makes the calling process so; 0, or an error number, and which word could not be.
int become_caller(const struct caller *caller, const char **failed);
// calls.c: the calls that need no subject, or a plain one.
int make_plain_subject(const char *input, struct subject *subject);
long make_call(const char *input, unsigned long long value, struct subject *subject);
// How many events one more call fetches from an epoll instance of which `bound` are ready.
struct reading count_events(const struct subject *subject, int bound);
void close_subject(struct subject *subject);

// readers.c
struct reading read_result(const char *reader, const struct subject *subject);

// connections.c. How many connections get into the queue before one does not; at most `bound` are tried.
struct reading count_connections(const struct subject *subject, int bound);
// How many handshakes the queue holds whose last step never comes.
struct reading count_half_open(const struct subject *subject, int bound);

// trace.c
void answer_symbol(const char *id, const char *name);
// Records what giving the input calls: below the first of the roots that can be traced, the named functions at least. The
// first of the values is given that the call takes.
void answer_trace(const char *id, const char *input, char *values, char *roots, char *names);

// questions.c. Answers every line of the text, which is cut up.
void answer_questions(char *text);
// The whole of a file, ended by a zero; NULL when it can't be read.
char *read_all(const char *path);
char *read_descriptor(int descriptor, size_t limit);
bool write_file(const char *path, const char *text);

// boot.c
int run_as_init(void);
// namespace.c: enters a fresh user and network namespace as nobody of the host's; 0, or an error number.
int enter_namespace(void);
bool raise_loopback(void);
// launcher.c
int launch(int count, char **arguments);
