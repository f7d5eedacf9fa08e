// The program's side: reads `backlog somaxconn max_syn_backlog fastopen` a line, has the compiled kernel code take it
// through listen(), and prints `limit accept-full syn-full fastopen-limit`, -1 for a test that is never true; or `returned
// N` for an error (` returned N` follows the numbers where that is above 0). With the argument `wide` a second line follows:
// what comes of a second call, of a socket in each other state, and of the failure of each function that was not compiled.
#include "absent.h"

void truth_fresh(long somaxconn, long max_syn_backlog, long fastopen);
long truth_listen(long backlog);
unsigned long truth_limit(void);
unsigned truth_accept_counter_bits(void);
int truth_accept_queue_is_full(unsigned long length);
int truth_syn_queue_is_full(unsigned long length);
long truth_fastopen_limit(void);
void truth_states(int state, int tcp_state, int type);
extern char truth_file[];

// The file behind every descriptor, unless there is none.
static int is_open = 1;
uintptr_t __fdget(unsigned descriptor) { return is_open ? (uintptr_t)truth_file : 0; }
uintptr_t fdget(unsigned descriptor) { return __fdget(descriptor); }
void *fget_light(unsigned descriptor, int *needs_put) { return *needs_put = 0, (void *)__fdget(descriptor); }
void *fget(unsigned descriptor) { return (void *)__fdget(descriptor); }

static int by_number(const void *left, const void *right) {
	unsigned long a = *(const unsigned long *)left, b = *(const unsigned long *)right;
	return (a > b) - (a < b);
}

// The first length for which the test is true, or -1: tried near every number that plays a part, at all powers of two and
// all small lengths, then halved between the last false and the first true one.
static long first_full(int (*is_full)(unsigned long), unsigned bits, const unsigned long *near, int count) {
	static unsigned long tried[1024];
	int n = 0;
	unsigned long top = bits < 64 ? (1ul << bits) - 1 : ~0ul;
	for (unsigned i = 0; i < 130; i++) tried[n++] = i;
	for (int bit = 7; bit < 64; bit++)
		for (int i = -2; i <= 2; i++) tried[n++] = (1ul << bit) + i;
	for (int k = 0; k < count; k++)
		for (int i = -2; i <= 2; i++) tried[n++] = near[k] + i;
	for (unsigned i = 0; i < 3; i++) tried[n++] = top - i;
	qsort(tried, n, sizeof *tried, by_number);
	// One before the first.
	unsigned long below = -1ul;
	for (int i = 0; i < n && tried[i] <= top; i++) {
		if (!is_full(tried[i])) {
			below = tried[i];
			continue;
		}
		unsigned long above = tried[i];
		while (above - below > 1) {
			unsigned long middle = below + (above - below) / 2;
			if (is_full(middle)) above = middle; else below = middle;
		}
		return (long)above;
	}
	return -1;
}

struct numbers {
	long backlog, somaxconn, syn, fastopen;
};

static unsigned near_numbers(const struct numbers *given, unsigned long *near) {
	unsigned long limit = truth_limit();
	unsigned long all[] = {
		limit, (unsigned)given->backlog, (unsigned)given->somaxconn, (unsigned)given->syn, limit / 2, limit * 2};
	memcpy(near, all, sizeof all);
	return sizeof all / sizeof *all;
}

static void start(const struct numbers *given) {
	used = nulls = calls = 0;
	truth_fresh(given->somaxconn, given->syn, given->fastopen);
}

static void print_outcome(const struct numbers *given, long returned) {
	unsigned long near[8];
	if (returned < 0) {
		printf("returned %ld", returned);
		return;
	}
	unsigned count = near_numbers(given, near);
	unsigned long limit = truth_limit();
	long accept = first_full(truth_accept_queue_is_full, truth_accept_counter_bits(), near, count);
	printf("%lu %ld %ld %ld", limit, accept, first_full(truth_syn_queue_is_full, 32, near, count), truth_fastopen_limit());
}

static void print_short(const char *what, int number, const struct numbers *given, int state, int tcp_state, int type) {
	if (sigsetjmp(out, 1)) {
		printf("\t%s%d fault", what, number);
		return;
	}
	start(given);
	truth_states(state, tcp_state, type);
	long returned = truth_listen((int)given->backlog);
	printf("\t%s%d %ld %lu %ld", what, number, returned, truth_limit(), (long)truth_fastopen_limit());
}

static void print_wide(const struct numbers *given) {
	// A second call, with another number.
	if (sigsetjmp(out, 1)) {
		printf("second fault");
	} else {
		start(given);
		if (truth_listen((int)given->backlog) >= 0) {
			long returned = truth_listen((int)(given->backlog / 2 + 3));
			printf("second ");
			print_outcome(given, returned);
		} else {
			printf("second none");
		}
	}
	for (int state = 0; state < 5; state++) print_short("state", state, given, state, -1, -1);
	for (int state = 1; state < 14; state++) print_short("tcp_state", state, given, -1, state, -1);
	for (int type = 1; type < 6; type++) print_short("type", type, given, -1, -1, type);
	is_open = 0;
	print_short("closed", 0, given, -1, -1, -1);
	is_open = 1;
	print_short("no-socket", 0, given, -2, -1, -1);
	// Each absent function fails once.
	static int seen[most_calls];
	int count = 0;
	if (!sigsetjmp(out, 1)) {
		start(given);
		truth_listen((int)given->backlog);
	}
	for (int i = 0; i < calls; i++) {
		int known = 0;
		for (int k = 0; k < count; k++) known |= seen[k] == called[i];
		if (!known) seen[count++] = called[i];
	}
	for (int i = 0; i < count; i++) {
		failing = seen[i];
		if (seen[i] < 0) print_short("null", -seen[i], given, -1, -1, -1);
		else print_short(truth_zone_names[seen[i]], 0, given, -1, -1, -1);
	}
	failing = nothing;
	printf("\n");
}

int main(int count, char **arguments) {
	catch_faults();
	static struct numbers given;
	while (scanf("%ld %ld %ld %ld", &given.backlog, &given.somaxconn, &given.syn, &given.fastopen) == 4) {
		if (sigsetjmp(out, 1)) {
			printf("fault at %lx for %lx\n", (long)fault, (long)fault_address);
		} else {
			start(&given);
			long returned = truth_listen((int)given.backlog);
			print_outcome(&given, returned);
			printf(returned > 0 ? " returned %ld\n" : "\n", returned);
		}
		if (count > 1) print_wide(&given);
	}
	return 0;
}
