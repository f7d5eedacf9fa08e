"""Atomics and assembly that write the field, the knob or a local; and the like that write elsewhere."""

from invented.program import CLAMP, after_the_store, cases, stored_then

FIELD = {
    "atomic store": "__atomic_store_n(&w->room, 5u, __ATOMIC_RELAXED);",
    "atomic store of a variable": "u32 five = 5; __atomic_store(&w->room, &five, __ATOMIC_SEQ_CST);",
    "atomic store through a pointer": "u32 *p = &w->room; __atomic_store_n(p, 5u, __ATOMIC_RELEASE);",
    "atomic exchange": "u32 old = __atomic_exchange_n(&w->room, 9u, __ATOMIC_SEQ_CST); w->used = old;",
    "atomic exchange by reference": "u32 nine = 9, old; __atomic_exchange(&w->room, &nine, &old, __ATOMIC_SEQ_CST);",
    "atomic fetch and add": "__atomic_fetch_add(&w->room, 2u, __ATOMIC_SEQ_CST);",
    "atomic add and fetch": "__atomic_add_fetch(&w->room, 1u, __ATOMIC_SEQ_CST);",
    "atomic or": "__atomic_fetch_or(&w->room, 64u, __ATOMIC_SEQ_CST);",
    "atomic nand": "__atomic_fetch_nand(&w->room, 1u, __ATOMIC_SEQ_CST);",
    "atomic compare, equal": "u32 expected = w->room; __atomic_compare_exchange_n(&w->room, &expected, 6u, 0, 5, 5);",
    "atomic test and set": "__atomic_test_and_set(&w->room, __ATOMIC_SEQ_CST);",
    "atomic clear": "__atomic_clear((bool *)&w->room, __ATOMIC_SEQ_CST);",
    "sync add": "__sync_fetch_and_add(&w->room, 2);",
    "sync sub": "__sync_sub_and_fetch(&w->room, 1);",
    "sync xor": "__sync_fetch_and_xor(&w->room, 5);",
    "sync compare, bool": "__sync_bool_compare_and_swap(&w->room, (u32)size, 3);",
    "sync compare, value": "w->used = __sync_val_compare_and_swap(&w->room, (u32)size, 4);",
    "sync lock": "__sync_lock_test_and_set(&w->room, 1);",
    "sync release": "__sync_lock_release(&w->room);",
    "c11 store": "__c11_atomic_store((_Atomic(u32) *)&w->room, 5u, 5);",
    "assembly, output": '__asm__ volatile("movl $4, %0" : "=m" (w->room));',
    "assembly, input and output": '__asm__ volatile("addl $4, %0" : "+m" (w->room) : : "cc");',
    "assembly, register": '__asm__ volatile("movl $5, (%0)" : : "r" (&w->room) : "memory");',
    "assembly, the object in a register": '__asm__ volatile("movl $5, 4(%0)" : : "r" (w) : "memory");',
    "assembly, no clobber": '__asm__ volatile("movl $5, (%0)" : : "r" (&w->room));',
    "assembly, the global": '__asm__ volatile("movl $5, the_widget+4(%%rip)" : : : "memory");',
    "assembly, many operands": 'u32 out; __asm__ volatile("movl %2, %0; movl %2, %1" : "=&r" (out), "=m" (w->room) : "r" (7)); w->used = out;',
    "assembly, exchange": 'u32 n = 6; __asm__ volatile("xchgl %0, %1" : "+r" (n), "+m" (w->room) : : "memory");',
    "assembly, compare and exchange": 'u32 o = size; __asm__ volatile("lock; cmpxchgl %2, %1" : "+a" (o), "+m" (w->room) : "r" (3u) : "memory", "cc");',
    "assembly, named operands": '__asm__ volatile("movl $8, %[to]" : [to] "=m" (*(u32 *)&w->room));',
    "assembly, a string store": 'void *to = &w->room; long n = 4; __asm__ volatile("rep stosb" : "+D" (to), "+c" (n) : "a" (0) : "memory");',
    "assembly in a callee": {
        "before": 'static void set(u32 *p) { __asm__ volatile("movl $5, (%0)" : : "r" (p) : "memory"); }', "body": stored_then("set(&w->room);")},
    "xchg macro": {
        "before": "#define xchg(p, v) ({ __typeof__(*(p)) r_ = (v); __asm__ volatile(\"xchgl %0, %1\" : \"+r\" (r_), \"+m\" (*(p)) : : \"memory\"); r_; })",
        "body": stored_then("xchg(&w->room, 2u);")},
    "cmpxchg macro": {
        "before": "#define cmpxchg(p, o, n) __sync_val_compare_and_swap(p, o, n)",
        "body": stored_then("u32 old, now = w->room; do { old = now; now = cmpxchg(&w->room, old, old + 1); } while (now != old);")},
    "try_cmpxchg loop": {
        "body": stored_then("u32 old = w->room; while (!__atomic_compare_exchange_n(&w->room, &old, old | 32, 0, 5, 5)) barrier();")},
    "set_bit": {
        "before": 'static inline void set_bit(long n, volatile unsigned long *p) { __asm__ volatile("btsq %1, %0" : "+m" (*p) : "Ir" (n) : "memory"); }',
        "body": stored_then("set_bit(32 + 9, (unsigned long *)w);")},
}
OTHER = {
    "knob set atomically": "__atomic_store_n(&widget_cap, 7, __ATOMIC_RELAXED); " + CLAMP,
    "knob counted down atomically": "__sync_fetch_and_sub(&widget_cap, 1); " + CLAMP,
    "knob set by assembly": '__asm__ volatile("movl $7, %0" : "=m" (widget_cap)); ' + CLAMP,
    "knob set by assembly through its name": '__asm__ volatile("movl $7, widget_cap(%%rip)" : : : "memory"); ' + CLAMP,
    "local set atomically": CLAMP + "int n = size; __atomic_store_n(&n, 3, __ATOMIC_RELAXED); size = n;",
    "local set by assembly": CLAMP + '__asm__ ("movl $3, %0" : "=r" (size));',
    "local set by assembly through its address": CLAMP + '__asm__ volatile("movl $3, (%0)" : : "r" (&size) : "memory");',
    "local compared and swapped": CLAMP + "int n = size; __sync_bool_compare_and_swap(&n, 77, 78); size = n;",
    "local exchanged": CLAMP + "int n = 4; size = __atomic_exchange_n(&n, size, __ATOMIC_SEQ_CST);",
    "expected is written": CLAMP + "u32 lock = 9, expected = size; __atomic_compare_exchange_n(&lock, &expected, 1u, 0, 5, 5); size = expected;",
    "local by two outputs": CLAMP + 'int n; __asm__ ("movl $1, %0; movl $2, %1" : "=&r" (n), "=&r" (size));',
    "asm goto": CLAMP + 'asm goto ("cmpl $77, %0; je %l[out]" : : "r" (size) : "cc" : out); w->room = size; return 0; out: return 0;',
}
TWINS = {
    "atomic on another field": "__atomic_store_n(&w->used, 5u, __ATOMIC_RELAXED);",
    "atomic count of another field": "__sync_fetch_and_add(&w->flags, 2);",
    "atomic on another record": "__atomic_fetch_add(&w->gadget->room, 2u, __ATOMIC_SEQ_CST);",
    "atomic compare, unequal": "__sync_bool_compare_and_swap(&w->room, (u32)size + 1, 3);",
    "atomic load": "w->used = __atomic_load_n(&w->room, __ATOMIC_SEQ_CST);",
    "atomic fence": "__atomic_thread_fence(__ATOMIC_SEQ_CST); __sync_synchronize();",
    "assembly, output elsewhere": '__asm__ volatile("movl $4, %0" : "=m" (w->used));',
    "assembly that does nothing": '__asm__ volatile("nop");',
    "assembly that reads": 'u32 n; __asm__ volatile("movl %1, %0" : "=r" (n) : "m" (w->room)); w->used = n;',
    "atomic that stores it": "__atomic_store_n(&w->room, (u32)size, __ATOMIC_RELEASE);",
    "exchange that stores it": "__atomic_exchange_n(&w->room, (u32)size, __ATOMIC_SEQ_CST);",
}


CASES = [
    *cases("atomics and assembly", after_the_store(FIELD), right=False), *cases("atomics and assembly", OTHER, right=False),
    *cases("atomics and assembly, harmless", after_the_store(TWINS), right=True),
]
