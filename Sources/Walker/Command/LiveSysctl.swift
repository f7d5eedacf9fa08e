internal import Glibc

/// What this machine's kernel has in `/proc/sys`.
enum LiveSysctl {
  /// `net.core.somaxconn` is `/proc/sys/net/core/somaxconn`; nil when there is none, or it holds no number.
  static func number(_ name: String) -> Int128? {
    let path = "/proc/sys/" + name.replacing(".", with: "/")
    guard !name.contains("/"), let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.split(whereSeparator: \.isWhitespace).first.flatMap { Int128($0) }
  }
}
