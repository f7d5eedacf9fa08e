// The program's side where one function is compared: reads a line of numbers, in the order of the inputs, hands them to the
// compiled function, and prints what it returned and each result: a number, or `untouched` where nothing was stored.
//
// Memory that nothing points to is zero, also where a null pointer points: that page is there.
#include "absent.h"
#include <errno.h>
#include <sys/mman.h>

extern const int truth_input_count, truth_result_count;
extern long truth_inputs[];
extern const char *const truth_answer_names[];
extern const long truth_answers[];
extern const int truth_answer_inputs[];
long truth_call(unsigned char filling);
// Whether it is as it was filled; else the number, and whether that has no sign.
int truth_is_untouched(int result, unsigned char filling);
long truth_number(int result);
int truth_has_no_sign(int result);

enum { room = 1 << 20 };

static long given_answer(const char *name) {
	for (int i = 0; truth_answer_names[i]; i++) {
		if (strcmp(name, truth_answer_names[i])) continue;
		return truth_answer_inputs[i] < 0 ? truth_answers[i] : truth_inputs[truth_answer_inputs[i]];
	}
	return 0;
}

// The caller's memory is this program's.
unsigned long _copy_from_user(void *to, const void *from, unsigned long count) { return memcpy(to, from, count), 0; }
unsigned long copy_user_generic_unrolled(void *to, const void *from, unsigned length) { return memcpy(to, from, length), 0; }
unsigned long copy_user_generic_string(void *to, const void *from, unsigned length) { return memcpy(to, from, length), 0; }
unsigned long copy_user_enhanced_fast_string(void *to, const void *from, unsigned length) {
	return memcpy(to, from, length), 0;
}

static long call(unsigned char filling) {
	used = nulls = calls = 0;
	memset(NULL, 0, room);
	memset(task, 0, sizeof task);
	return truth_call(filling);
}

int main(void) {
	if (mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
		printf("no page at zero: %s\n", strerror(errno));
		return 3;
	}
	catch_faults();
	answer_of = given_answer;
	for (;;) {
		for (int i = 0; i < truth_input_count; i++) {
			char word[32];
			if (scanf("%31s", word) != 1) return 0;
			truth_inputs[i] = *word == '-' ? strtol(word, NULL, 10) : (long)strtoul(word, NULL, 10);
		}
		if (sigsetjmp(out, 1)) {
			printf("fault at %lx for %lx\n", (long)fault, (long)fault_address);
			continue;
		}
		int untouched[16];
		call(0x5a);
		for (int i = 0; i < truth_result_count; i++) untouched[i] = truth_is_untouched(i, 0x5a);
		long returned = call(0xa5);
		printf("%ld", returned);
		for (int i = 0; i < truth_result_count; i++) {
			if (untouched[i] && truth_is_untouched(i, 0xa5)) printf(" untouched");
			else printf(truth_has_no_sign(i) ? " %lu" : " %ld", truth_number(i));
		}
		printf("\n");
	}
}
