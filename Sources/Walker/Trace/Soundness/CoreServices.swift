internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// Functions of the kernel's core that write their own objects and what they are handed for that, and nothing that a result
/// rests on: the assumption `core-services`. By the names that the kernel's own documentation gives these services.
///
/// A name alone is nobody's: which function it is, `Program.isCore` asks.
enum CoreServices {
  /// It returns memory that nobody else has, or NULL (Documentation/core-api/memory-allocation.rst).
  static func allocates(_ name: String) -> Bool {
    let name = bare(name)
    return allocators.contains { name.hasPrefix($0) }
  }

  /// It writes no object that a result could rest on, besides what its arguments point to when those are local.
  static func writesNothing(_ name: String) -> Bool {
    if allocates(name) { return true }
    let name = bare(name)
    return exact.contains(name) || prefixes.contains { name.hasPrefix($0) }
  }

  /// It writes all that its arguments point to: a lock, a counter, a buffer; not those that are handed an object of which they
  /// use a part, or that is gone afterwards.
  static func changesArguments(_ name: String) -> Bool {
    let name = bare(name)
    return !allocates(name)
      && !["lock_sock", "kfree", "kvfree", "vfree", "kmem_cache_free", "free_pages", "trace_", "printk", "call_rcu"]
        .contains {
          name.hasPrefix($0)
        }
  }

  /// A function of that name that stands where none of the kernel's core does.
  static func isOfAnotherKind(_ file: String?) -> Bool {
    guard let file else { return false }
    let core = [
      "include/", "kernel/", "mm/", "lib/", "arch/", "net/core/", "security/commoncap.c", "fs/", "generated/",
      "crypto/",
    ]
    return !core.contains { file.hasPrefix($0) } && !file.hasPrefix("/")
  }

  /// Whether a definition of the tree stands in its core, or there is none.
  static func isDefinedInCore(_ name: String, _ tree: any KernelTree) -> Bool {
    do {
      let files = try tree.answer(.definition(name)).map(\.file)
      return files.isEmpty || files.contains { !isOfAnotherKind($0) }
    } catch {
      // It is looked into as any other call, and says that it can't be.
      return false
    }
  }

  private static func bare(_ name: String) -> String { String(name.drop { $0 == "_" }) }

  private static let allocators = [
    "kmalloc", "kzalloc", "kcalloc", "kvmalloc", "kvzalloc", "kvcalloc", "kmem_cache_alloc", "kmem_cache_zalloc",
    "vmalloc", "vzalloc", "alloc_pages", "alloc_percpu", "kmemdup", "kstrdup",
  ]

  private static let exact: Set<String> = [
    "get_current", "dev_put", "dev_hold", "netdev_put", "netdev_hold", "schedule", "cond_resched", "lock_sock_nested",
    "variable_test_bit", "capable", "ns_capable", "sched_clock", "panic", "dump_stack",
    "local_clock", "barrier", "cpu_relax", "udelay", "ndelay", "msleep", "synchronize_rcu", "complete", "finish_wait",
    "mod_timer", "add_timer", "del_timer", "del_timer_sync", "timer_delete", "kfence_alloc", "net_ratelimit",
  ]

  private static let prefixes = [
    // Memory.
    "kfree", "kvfree", "vfree", "free_pages", "kmem_cache_free", "kmalloc_", "kasan_", "kmsan_", "kcsan_",
    "instrument_",
    "memcg_", "obj_cgroup_",
    // Declared so that a build fails where one is really called.
    "compiletime_assert_",
    // Locks and their checkers.
    "raw_spin_", "raw_read_", "raw_write_", "spin_lock", "spin_unlock", "spin_trylock", "read_lock", "read_unlock",
    "write_lock", "write_unlock", "mutex_lock", "mutex_unlock", "mutex_trylock", "mutex_init", "down_read",
    "down_write",
    "up_read", "up_write", "rt_mutex_", "rwsem_", "lock_acquire", "lock_release", "lockdep_", "lock_is_held",
    "lock_map_",
    "local_bh_", "local_irq_", "preempt_", "migrate_", "might_sleep", "might_fault", "might_resched", "might_alloc",
    "rcu_read_", "rcu_lock_", "call_rcu", "srcu_read_", "percpu_down_", "percpu_up_", "seqcount_", "read_seq",
    "write_seq",
    "debug_lockdep_", "debug_check_", "debug_object_",
    // Scheduling and waiting.
    "wake_up", "prepare_to_wait", "init_wait", "queue_work", "schedule_work", "queue_delayed_work", "schedule_timeout",
    "init_timer_key", "timer_setup",
    // References.
    "this_cpu_", "raw_cpu_", "percpu_counter_",
    "refcount_warn", "refcount_inc", "refcount_dec", "refcount_add", "refcount_sub", "refcount_set",
    // Messages, tracing, randomness, time.
    "printk", "warn_slowpath", "warn_printk", "vprintk", "trace_", "traceiter_", "static_key_", "arch_static_branch",
    "static_branch_", "jump_label_", "bug", "get_random_", "prandom_", "ktime_get", "getnstimeofday", "sanitizer_cov_",
    "fortify_panic", "ubsan_", "perf_trace_",
  ]
}

extension Program {
  /// What a call of that name writes need not be looked into.
  func writesNothing(_ name: String, from unit: TranslationUnit?) -> Bool {
    CoreServices.writesNothing(name) && isCore(name, from: unit)
  }

  func allocates(_ name: String, from unit: TranslationUnit?) -> Bool {
    CoreServices.allocates(name) && isCore(name, from: unit)
  }

  /// Whether the function that the name means stands where the kernel's core does: one that a file sees, or else the
  /// definitions of the tree. What is defined nowhere is assembly, or made by the compiler.
  func isCore(_ name: String, from unit: TranslationUnit?) -> Bool {
    if let visible = isVisiblyCore(name, from: unit) { return visible }
    if let known = coreNames[name] { return known }
    let answer = CoreServices.isDefinedInCore(name, tree)
    coreNames[name] = answer
    return answer
  }

  /// Nil where the unit sees no definition.
  func isVisiblyCore(_ name: String, from unit: TranslationUnit?) -> Bool? {
    unit.flatMap(file)?.functions[name].map { !CoreServices.isOfAnotherKind(location($0).file) }
  }
}
