internal import Dispatch
internal import Synchronization

/// Work that is split over the machine's cores; two are enough for what reads text, and for what proves.
public enum Parallel {
  static let threads = 2

  /// Calls `body` with every index of `0..<count`, on both threads, and gives the results in order. Throws the first
  /// error by index.
  public static func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    let next = Atomic(0)
    let parts = Mutex<[[(Int, Swift.Result<Result, any Error>)]]>([])
    DispatchQueue.concurrentPerform(iterations: min(threads, max(count, 1))) { _ in
      var mine: [(Int, Swift.Result<Result, any Error>)] = []
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        if index >= count { break }
        mine.append((index, Swift.Result { try body(index) }))
      }
      parts.withLock { [mine] in $0.append(mine) }
    }
    return try parts.withLock { $0 }.flatMap { $0 }.sorted { $0.0 < $1.0 }.map { try $0.1.get() }
  }
}
