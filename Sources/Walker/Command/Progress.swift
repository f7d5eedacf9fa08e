internal import Glibc
internal import Synchronization
internal import WalkerKernel
internal import WalkerModel

/// One line on standard error that says what is going on, when that is a terminal; it is gone when the work is done.
final class Progress: Sendable {
  private let what: Mutex<String>
  private let amount = Mutex("")
  private let task: Mutex<Task<Void, Never>?>

  /// Shows nothing for the first half second: what is quick needs no words.
  init(_ what: String) {
    self.what = Mutex(what)
    task = Mutex(nil)
    guard Terminal.isError else { return }
    let start = ContinuousClock.now
    let running = Task { [weak self] in
      // The sleep ends early when the task is cancelled: that is the loop's end.
      while (try? await Task.sleep(for: .milliseconds(500))) != nil, let self {
        let seconds = (ContinuousClock.now - start).components.seconds
        Self.show(self.what.withLock(\.self) + self.amount.withLock(\.self) + (seconds > 0 ? " (\(seconds) s)" : ""))
      }
    }
    task.withLock { $0 = running }
  }

  private init() {
    what = Mutex("")
    task = Mutex(nil)
  }

  static let silent = Progress()

  deinit { finish() }

  func say(_ text: String) {
    what.withLock { $0 = text }
    amount.withLock { $0 = "" }
  }

  func say(_ progress: KernelProgress) {
    switch progress {
    case .phase(let text): say(text)
    case .bytes(let done, let all):
      let megabytes = all.map { "\(done >> 20) of \($0 >> 20) MB" } ?? "\(done >> 20) MB"
      amount.withLock { $0 = ", " + megabytes }
    }
  }

  func finish() {
    let running = task.withLock { task in
      defer { task = nil }
      return task
    }
    guard let running else { return }
    running.cancel()
    Self.show("")
  }

  private static func show(_ text: String) {
    var line = "\r\u{1B}[K" + VisibleText.of(text)
    line.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
  }
}
