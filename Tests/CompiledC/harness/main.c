// The program's side: reads `backlog somaxconn max_syn_backlog fastopen` a line, has the compiled kernel code take it
// through listen(), and prints `limit accept-full syn-full fastopen-limit`, -1 for a test that is never true; or `returned
// N` for an error (` returned N` follows the numbers where that is above 0). With the argument `wide` a second line follows:
// what comes of a second call, of a socket in each other state, and of the failure of each function that was not compiled.
//
// Whatever the kernel code calls that was not compiled with it does nothing and returns 0: such names lie in a zone of
// zeroes that can't be executed, and the jump there is caught. So are null function pointers.
#define _GNU_SOURCE
#include <signal.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ucontext.h>

void truth_fresh(long somaxconn, long max_syn_backlog, long fastopen);
long truth_listen(long backlog);
unsigned long truth_limit(void);
unsigned truth_accept_counter_bits(void);
int truth_accept_queue_is_full(unsigned long length);
int truth_syn_queue_is_full(unsigned long length);
long truth_fastopen_limit(void);
void truth_states(int state, int tcp_state, int type);
extern char truth_file[], truth_zone_start[], truth_zone_end[];
extern const char *truth_zone_names[];

// The file behind every descriptor, unless there is none.
static int is_open = 1;
uintptr_t __fdget(unsigned descriptor) { return is_open ? (uintptr_t)truth_file : 0; }
uintptr_t fdget(unsigned descriptor) { return __fdget(descriptor); }
void *fget_light(unsigned descriptor, int *needs_put) { return *needs_put = 0, (void *)__fdget(descriptor); }
void *fget(unsigned descriptor) { return (void *)__fdget(descriptor); }

// Memory, zeroed where anyone looks at it: a table's size is asked for, but only its head is used.
enum { pieces = 16, piece = 1 << 16 };
static _Alignas(4096) char memory[pieces][piece];
static int used;
static void *take(void) { return memset(memory[used++ % pieces], 0, 4096); }
#define ALLOCATOR(name) void *name(void) { return take(); }
ALLOCATOR(__kmalloc)
ALLOCATOR(__kmalloc_noprof)
ALLOCATOR(__kmalloc_cache_noprof)
ALLOCATOR(__kmalloc_large_noprof)
ALLOCATOR(__kvmalloc_node_noprof)
ALLOCATOR(kvmalloc_node)
ALLOCATOR(kmalloc_trace)
ALLOCATOR(kmalloc_large)
ALLOCATOR(kmalloc_order)
ALLOCATOR(kmalloc_order_trace)
ALLOCATOR(kmem_cache_alloc)
ALLOCATOR(kmem_cache_alloc_noprof)
ALLOCATOR(kmem_cache_alloc_trace)
ALLOCATOR(vmalloc)
ALLOCATOR(vzalloc)
ALLOCATOR(vzalloc_noprof)
ALLOCATOR(__vmalloc)

// A task and its stack's foot for code that asks who is running.
static _Alignas(16384) char task[32768];
void *current_task = task, *const_current_task = task, *pcpu_hot = task;
uintptr_t kernel_stack = (uintptr_t)task + 16384;

static sigjmp_buf out;
static uintptr_t fault, fault_address;

// The absent functions that were called, by place in the zone; null ones by the order of their calls, below zero. The one
// to fail returns -5.
enum { most_calls = 256, nothing = 1 << 30 };
static int called[most_calls], calls, nulls, failing = nothing;

static int result_of_absent(int which) {
	if (calls < most_calls) called[calls++] = which;
	return which == failing ? -5 : 0;
}

static void on_fault(int number, siginfo_t *info, void *context) {
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	uintptr_t at = registers[REG_RIP];
	if (at == 0 || (at >= (uintptr_t)truth_zone_start && at < (uintptr_t)truth_zone_end)) {
		registers[REG_RAX] = result_of_absent(at ? (int)((at - (uintptr_t)truth_zone_start) / 4096) : --nulls);
		registers[REG_RIP] = *(uintptr_t *)registers[REG_RSP];
		registers[REG_RSP] += 8;
		return;
	}
	const unsigned char *code = (const unsigned char *)at;
	if (number == SIGSEGV && (*code == 0xfa || *code == 0xfb)) { // cli, sti
		registers[REG_RIP] += 1;
		return;
	}
	fault = at;
	fault_address = (uintptr_t)info->si_addr;
	siglongjmp(out, 1);
}

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
	static char stack[1 << 16];
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	sigaltstack(&alternate, NULL);
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	sigaction(SIGFPE, &action, NULL);
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
