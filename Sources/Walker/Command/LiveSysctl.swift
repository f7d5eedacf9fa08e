internal import Glibc

/// What this machine's kernel has in `/proc/sys`.
enum LiveSysctl {
  /// `net.core.somaxconn` is `/proc/sys/net/core/somaxconn`, `net.ipv4.tcp_rmem[2]` the third number of one of several; nil
  /// when there is none, or it holds no number.
  static func number(_ name: String) -> Int128? {
    var path = name[...]
    var element = 0
    if path.last == "]", let open = path.lastIndex(of: "["),
      let number = Int(path[path.index(after: open)...].dropLast())
    {
      element = number
      path = path[..<open]
    }
    guard !name.contains("/"), let file = fopen("/proc/sys/" + path.replacing(".", with: "/"), "re") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let numbers = text.split(whereSeparator: \.isWhitespace)
    return numbers.indices.contains(element) ? Int128(numbers[element]) : nil
  }
}
