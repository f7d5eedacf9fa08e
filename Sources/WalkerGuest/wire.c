#include "guest.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int output = 1;
static unsigned sent;

void answer_to(int descriptor) { output = descriptor; }

// The CRC-32 of zlib, bit by bit: the lines are short.
static uint32_t checksum(const char *text, size_t length) {
  uint32_t crc = 0xffffffff;
  for (size_t i = 0; i < length; i++) {
    crc ^= (unsigned char)text[i];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

static void write_all(const char *text, size_t length) {
  while (length > 0) {
    ssize_t count = write(output, text, length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) _exit(1);
    text += count;
    length -= (size_t)count;
  }
}

void answer(const char *format, ...) {
  char numbered[1100], line[1200];
  int head = snprintf(numbered, sizeof numbered, "%u ", sent++);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(numbered + head, sizeof numbered - (size_t)head, format, arguments);
  va_end(arguments);
  for (char *at = numbered; *at; at++) {
    if (*at == '\n') *at = ' ';
  }
  uint32_t crc = checksum(numbered, strlen(numbered));
  int length = snprintf(line, sizeof line, "walker %08x %s\n", crc, numbered);
  write_all(line, (size_t)length);
}

void answer_end(void) { answer("end %u", sent); }
