#include "guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// As init: answers /questions. `run SECONDS BYTES PROGRAM…`: the launcher. `answer SECONDS FILE [namespace]`: answers the
// file's questions, in a fresh namespace or without changing a knob.
int main(int count, char **arguments) {
  if (getpid() == 1 && access("/questions", R_OK) == 0) return run_as_init();
  if (count > 1 && !strcmp(arguments[1], "run")) return launch(count - 2, arguments + 2);
  if (count > 3 && !strcmp(arguments[1], "answer")) {
    alarm((unsigned)atoi(arguments[2]));
    // Before the namespace: nobody has no right to open it.
    char *questions = read_all(arguments[3]);
    int error = count > 4 ? enter_namespace() : 0;
    if (!questions) return 1;
    if (error) {
      answer("namespace %d", error);
      answer_end();
    } else {
      answer_questions(questions);
    }
    return 0;
  }
  fputs("usage: walker-guest run SECONDS BYTES PROGRAM… | answer SECONDS FILE [namespace]\n", stderr);
  return 64;
}
