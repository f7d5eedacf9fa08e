// How the worker ends: with walker, within its memory, and with words when its stack is too small.
#pragma once
#include <stddef.h>

// What is written to standard output when it comes to that; the bytes have to stay.
typedef struct {
  const char *bytes;
  size_t length;
} walker_words;

// From now on the process ends when `parent` is no longer its parent (0: whoever it is), and, with these words, when it holds
// more than `megabytes`.
void walker_watch(int parent, long megabytes, walker_words out_of_memory);

// Calls `work` on a stack of `megabytes`; a stack that overflows all the same ends the process with these words.
void walker_on_large_stack(size_t megabytes, walker_words overflow, void (*work)(void *), void *context);

// The answer is being written: no other words are written any more. False when others are.
_Bool walker_begin_answer(void);
