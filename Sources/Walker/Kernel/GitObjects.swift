internal import Synchronization
internal import WalkerModel

/// The files of one commit, by two long-lived `git cat-file`: one for contents, one for ids.
final class GitObjects: Sendable {
  private let repository: String
  private let commit: String
  private let state: Mutex<State>

  private struct State: ~Copyable, @unchecked Sendable {
    // Reached only through the mutex.
    let contents: ChildProcess
    let ids: ChildProcess
    /// Of regular files that were listed: git finds an object faster by its id than by its path.
    var known: [String: String] = [:]
  }

  /// `known`: ids of regular files by path, to find them faster.
  init(repository: String, commit: String, known: [String: String] = [:]) throws {
    self.repository = repository
    self.commit = commit
    func start(_ mode: String) throws -> ChildProcess {
      try ChildProcess(Git.command(["cat-file", "--follow-symlinks", mode], in: repository))
    }
    state = Mutex(State(contents: try start("--batch"), ids: try start("--batch-check"), known: known))
  }

  /// The bytes of a file, or of the file within the tree that a link leads to; nil when there is none.
  func contents(_ path: String) throws -> [UInt8]? {
    guard isPlain(path) else { return nil }
    return try state.withLock { state in
      let child = state.contents
      try child.write((state.known[path] ?? "\(commit):\(path)") + "\n")
      guard let (kind, _, size) = try header(child) else { return nil }
      let bytes = try child.read(size)
      _ = try child.read(1)
      return kind == "blob" ? bytes : nil
    }
  }

  /// The object's id; nil when there is no such file.
  func id(of path: String) throws -> String? {
    guard isPlain(path) else { return nil }
    return try state.withLock { state in
      if let known = state.known[path] { return known }
      try state.ids.write("\(commit):\(path)\n")
      guard let (kind, id, _) = try header(state.ids), kind == "blob" else { return nil }
      return id
    }
  }

  /// The files below a folder, sorted.
  func list(below folder: String) throws -> [String] { try listing(below: folder).map(\.path).sorted() }

  /// The files below a folder; of links no id.
  func listing(below folder: String) throws -> [(path: String, id: String?)] {
    let scope = folder.isEmpty ? [] : ["--", folder + "/"]
    let listing = try Git.run(
      ["--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", commit] + scope, in: repository)
    guard listing.status == 0 else { throw Git.error(listing.errors, repository) }
    var files: [(path: String, id: String?)] = []
    state.withLock { state in
      for record in listing.output.split(separator: 0) {
        // "<mode> blob <object>\t<path>"
        guard let tab = record.firstIndex(of: 9) else { continue }
        let fields = record[..<tab].split(separator: 32)
        guard fields.count == 3, fields[1].elementsEqual("blob".utf8) else { continue }
        let path = String(decoding: record[(tab + 1)...], as: UTF8.self)
        let id = fields[0].elementsEqual("120000".utf8) ? nil : String(decoding: fields[2], as: UTF8.self)
        files.append((path, id))
        state.known[path] = id
      }
    }
    return files
  }

  private func isPlain(_ path: String) -> Bool { !path.isEmpty && !path.utf8.contains(0x0a) }

  /// Reads `<object> <kind> <size>`; nil for what is missing. A link that leads out, or nowhere, is `symlink <size>` (or
  /// `dangling`, `loop`, `notdir`) with its text on the next line, and counts as missing.
  private func header(_ child: ChildProcess) throws -> (kind: String, id: String, size: Int)? {
    guard let line = child.readLine() else {
      throw UserError(
        "git ended unexpectedly in \(repository) (\(child.errorText().trimmed)): check the clone with `git fsck`")
    }
    let words = line.words
    if words.count == 3, let size = Int(words[2]), words[0].count >= 40 { return (words[1], words[0], size) }
    if words.count == 2, ["symlink", "dangling", "loop", "notdir"].contains(words[0]), let size = Int(words[1]) {
      _ = try child.read(size + 1)
    }
    return nil
  }
}
