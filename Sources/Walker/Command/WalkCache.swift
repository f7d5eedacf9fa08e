internal import Glibc
internal import WalkerKernel
internal import WalkerModel

/// Walks that were derived before: found by the kernel's place, else by what they rest on, else derived and kept.
///
/// A kernel whose text is as it was when it was walked costs a listing of its folder (a git revision: its tree's id).
/// Another kernel in which all that a known walk rests on is the same costs the comparison, never a parse.
struct WalkCache {
  let store: WalkStore
  let kernel: KernelReference
  let place: KernelPlace
  /// For answers to questions that a comparison asks of a tree.
  private let cache: String

  /// Throws `UserError` when there is no such kernel, or the configuration can't be read.
  init(
    cache: String, engine: String, walkthrough file: String, text: String, kernel: KernelReference,
    configuration: String?, readsFingerprints: Bool
  ) throws {
    let key = "engine \(engine) \(FileStamp(engine))\nwalkthrough \(file) \(try SHA256.hex(of: text))"
    store = try WalkStore(
      folder: cache + "/walks", key: key, configuration: configuration, readsFingerprints: readsFingerprints)
    self.kernel = kernel
    self.cache = cache
    place = try KernelPlace(kernel)
  }

  /// - Parameter derive: asks the engine. A walk without a basis is not kept.
  /// - Throws: `UserError` when the kernel can't be read, and what `derive` throws.
  func walk(_ derive: () async throws -> (Walk, WalkBasis?)) async throws -> Walk {
    if let known = store.walk(at: place, kernel) { return known }
    let turn = try await Turn(file: store.lockFile(of: place))
    defer { turn.end() }
    if turn.waited, let known = store.walk(at: place, kernel) { return known }
    if let known = try comparable() { return known }
    let (walk, basis) = try await derive()
    if let basis { store.keep(walk, basis, at: place) }
    return walk
  }

  /// Reading an archive takes as long as a walk: the engine, which has to read it anyway, compares that.
  private func comparable() throws -> Walk? {
    if case .archive = kernel.kind { return nil }
    // The worker opens it next, and says what is wrong with it.
    guard let tree = try? KernelSources.open(kernel, cache: cache) else { return nil }
    return try store.walk(restingOn: tree, kernel, at: place)
  }
}

/// One process at a time for one kernel: whoever waited finds the walk that the other has kept.
///
/// The lock is the kernel's own (`flock`), so a killed process holds nothing up. Where there can be none, on a read-only
/// or full disk, nobody waits.
private struct Turn {
  private let descriptor: Int32
  let waited: Bool

  init(file: String) async throws {
    descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    var waited = false
    while descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR {
      waited = true
      try await Task.sleep(for: .milliseconds(30))
    }
    self.waited = waited
  }

  func end() { if descriptor >= 0 { close(descriptor) } }
}
