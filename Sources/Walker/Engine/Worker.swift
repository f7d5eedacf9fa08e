internal import CWorker
internal import FoundationEssentials
internal import Glibc
internal import WalkerModel

/// The bounds of the worker's process: it ends with walker, however that ends; within its memory; and where C is nested too
/// deeply for its stack, with words.
enum Worker {
  private static let stack = 256
  static let usualMemory = 1536

  static func run(_ work: @escaping () -> Void) {
    let memory = number("WALKER_MEMORY") ?? usualMemory
    let larger = memory * 2
    walker_watch(
      Int32(number("WALKER_PARENT") ?? 0), memory,
      words(
        "the worker ran out of its \(size(memory)): give it more with --memory \(larger), or look for a header that never ends, or a macro that unfolds to too much"
      ))
    // A parse runs on the stack below, and what happens on it is told by the handler below.
    setenv("LIBCLANG_NOTHREADS", "1", 1)
    setenv("LIBCLANG_DISABLE_CRASH_RECOVERY", "1", 1)
    let box = Box(work)
    walker_on_large_stack(
      stack,
      words(
        "the worker ran out of its stack, since C that was to be read is nested too deeply (many thousand levels): look into the walked files and their headers"
      ),
      { context in
        if let context { Unmanaged<Box>.fromOpaque(context).takeUnretainedValue().work() }
      },
      Unmanaged.passUnretained(box).toOpaque())
    withExtendedLifetime(box) {}
  }

  /// Whether a walk has to end, so that what it found can still be told.
  static func isAlmostOutOfMemory() -> Bool {
    guard let file = fopen("/proc/self/statm", "r") else { return false }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return false }
    let fields = String(decoding: line.map(UInt8.init(bitPattern:)), as: UTF8.self).split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return false }
    return pages * Int(getpagesize()) > (number("WALKER_MEMORY") ?? usualMemory) * (1 << 20) / 10 * 7
  }

  /// False when the last words are being written already.
  static func beginAnswer() -> Bool { walker_begin_answer() }

  private final class Box {
    let work: () -> Void
    init(_ work: @escaping () -> Void) { self.work = work }
  }

  private static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

  private static func size(_ megabytes: Int) -> String {
    megabytes % 512 == 0 ? "\(Double(megabytes) / 1024) GB" : "\(megabytes) MB"
  }

  /// An answer, made while there is memory to make it in; the bytes live as long as the process.
  private static func words(_ sentence: String) -> walker_words {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let response = EngineResponse.failed(UserError(sentence, exitStatus: ExitStatus.unchecked))
    // A sentence and a number are always encoded; without words the end is told as one without an answer.
    let bytes = (try? encoder.encode(response)).map { [UInt8]($0) } ?? []
    let kept = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (position, byte) in bytes.enumerated() { kept[position] = CChar(bitPattern: byte) }
    return walker_words(bytes: kept, length: bytes.count)
  }
}
