internal import FoundationEssentials
internal import Glibc
internal import WalkerKernel
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

    let file: String

    /// Throws `UserError` when a git revision can't be resolved.
    init(walkthrough: String, text: String, kernel: KernelReference, configuration: String?, engine: String) throws {
      reference = kernel
      let config = configuration.map { "\($0) \(FileStamp($0))" } ?? "default"
      self.text = """
        walker walk 1
        engine \(engine) \(FileStamp(engine))
        walkthrough \(walkthrough) \(try SHA256.hex(of: text))
        kernel \(kernel.name) \(kernel.source) \(try identity(of: kernel))
        configuration \(config)
        """
      file = try SHA256.hex(of: self.text) + ".walk"
    }
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
    let stamps = stampedPaths(key.reference, files: files).map { "\($0)\t\(FileStamp($0))\n" }.joined()
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

/// Where the kernel's text lies. A branch moves, so a git revision is known by its commit.
private func identity(of kernel: KernelReference) throws -> String {
  switch kernel.kind {
  case .set(let path): "set \(path)"
  case .folder(let path): "folder \(path)"
  case .archive(let path): "archive \(path)"
  case .git: try KernelSources.stamp(of: kernel)
  }
}

/// The files on disk that decide whether a walk still holds.
private func stampedPaths(_ kernel: KernelReference, files: [String]) -> [String] {
  switch kernel.kind {
  case .set(let root): [root + "/PROVENANCE.json"] + files.map { root + "/" + $0 }
  case .folder(let root): files.map { root + "/" + $0 }
  case .archive(let path): [path]
  case .git: []
  }
}
