internal import FoundationEssentials
internal import Glibc
internal import WalkerModel

/// Walks that were derived before, by what went into them.
///
/// An entry is one file: its key's length and its key as text, then the engine's answer. The key names the engine's binary, the walkthrough's
/// text, the kernel and the configuration; the stamps of the files that the walk read follow it. An entry whose stamps
/// no longer hold is not used, and is replaced.
struct WalkCache {
  let folder: String

  struct Key {
    let text: String
    let reference: KernelReference

    init(walkthrough: String, text: String, kernel: KernelReference, configuration: String?, engine: String) {
      reference = kernel
      let config = configuration.map { "\($0) \(FileStamp($0))" } ?? "default"
      self.text = """
        walker walk 1
        engine \(engine) \(FileStamp(engine))
        walkthrough \(walkthrough) \(fingerprint(text))
        kernel \(kernel.name) \(kernel.source) \(kernel.kind)
        configuration \(config)
        """
    }

    var file: String { fingerprint(text) + ".walk" }
  }

  /// The answer's bytes, when there is an entry for the key and every file is still as it was.
  func bytes(for key: Key) -> Data? {
    guard let data = FileManager.default.contents(atPath: folder + "/" + key.file) else { return nil }
    guard let end = data.firstRange(of: Data(separator.utf8)) else { return nil }
    let head = String(decoding: data[..<end.lowerBound], as: UTF8.self)
    guard head.hasPrefix(key.text + "\n") else { return nil }
    for line in head.dropFirst(key.text.count + 1).split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 1)
      guard parts.count == 2, FileStamp(String(parts[0])).description == parts[1] else { return nil }
    }
    return data[end.upperBound...]
  }

  /// Keeps an answer. What can't be written is not kept: the walk is there all the same.
  func keep(_ bytes: [UInt8], files: [String], for key: Key) {
    guard let paths = stampedPaths(key.reference, files: files) else { return }
    let stamps = paths.map { "\($0)\t\(FileStamp($0))\n" }.joined()
    let entry = Array((key.text + "\n" + stamps + separator).utf8) + bytes
    let target = folder + "/" + key.file
    let temporary = "\(target).\(getpid())"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(entry).write(to: URL(filePath: temporary))
      guard rename(temporary, target) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch {
      unlink(temporary)
    }
  }
}

/// A line that no path and no key can be.
private let separator = "\u{1E}\n"

/// The files on disk that decide whether a walk still holds; nil where nothing on disk says so.
private func stampedPaths(_ kernel: KernelReference, files: [String]) -> [String]? {
  switch kernel.kind {
  case .set(let root): [root + "/PROVENANCE.json"] + files.map { root + "/" + $0 }
  case .folder(let root): files.map { root + "/" + $0 }
  case .archive(let path): [path]
  // A branch moves; what it names is only known when git is asked.
  case .git: nil
  }
}

/// FNV-1a with 128 bits, in hexadecimal: names a text, and no more is asked of it.
func fingerprint(_ text: String) -> String {
  var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
  for byte in text.utf8 {
    hash ^= UInt128(byte)
    hash &*= 0x0000_0000_0100_0000_0000_0000_0000_013b
  }
  return String(hash, radix: 16)
}
