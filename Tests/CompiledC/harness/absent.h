// What stands in for the rest of a kernel: memory, a task, and functions that were not compiled.
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

extern char truth_zone_start[], truth_zone_end[];
extern const char *truth_zone_names[];

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

// What one of them returns instead; NULL: nothing is known of any.
static long (*answer_of)(const char *name);

static long result_of_absent(int which) {
	if (calls < most_calls) called[calls++] = which;
	if (which == failing) return -5;
	return answer_of && which >= 0 ? answer_of(truth_zone_names[which]) : 0;
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

static void catch_faults(void) {
	static char stack[1 << 16];
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	sigaltstack(&alternate, NULL);
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	sigaction(SIGFPE, &action, NULL);
}
