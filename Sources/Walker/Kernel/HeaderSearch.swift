internal import WalkerModel

/// Which paths had to be absent for the preprocessor to find what it found, and which `CONFIG_` symbols its texts name.
///
/// Both are larger than what the parse in fact asked: directives in inactive branches count as well.
struct HeaderSearch {
  let opened: Set<String>
  private let tree: any KernelTree
  private let environment: ParseEnvironment
  private let folders: [String]
  private var directives: [IncludeDirectives.Name: Set<String>] = [:]
  private var asked: Set<IncludeDirectives.Name> = []
  private var foldersOfComputed: Set<String> = []
  private var symbols: Set<String>? = []

  init(tree: any KernelTree, environment: ParseEnvironment, opened: Set<String>) {
    self.tree = tree
    self.environment = environment
    self.opened = opened
    folders = environment.includeFolders
  }

  var openedMade: [String] { opened.filter { ParseEnvironment.isGenerated($0) && environment.made($0) != nil } }
  var openedOfTree: [String] { opened.filter { !ParseEnvironment.isGenerated($0) && tree.contains($0) } }

  /// What one file's text says of this.
  struct Text {
    fileprivate let directives: IncludeDirectives
    /// Nil: any may count.
    fileprivate let symbols: Set<String>?

    /// Throws `UserError` for text that has any file's bytes read as numbers, which no kernel does.
    init(_ path: String, _ bytes: [UInt8]) throws {
      directives = IncludeDirectives(bytes)
      guard !directives.embeds else {
        throw UserError(
          "\(path) has #embed read a file as data, which a kernel's own text does not do: do not trust this tree, or remove it"
        )
      }
      symbols = path.hasSuffix("/autoconf.h") ? [] : Self.symbols(bytes)
    }

    private static func symbols(_ bytes: [UInt8]) -> Set<String>? {
      let word = Array("CONFIG_".utf8)
      return bytes.withUnsafeBufferPointer { buffer in
        let text = CText(bytes: buffer)
        var symbols: Set<String> = []
        var position = 0
        while let found = text.find(word, from: position) {
          let end = text.wordEnd(from: found)
          position = end
          guard !CText.isWord(text.at(found - 1)) else { continue }
          // A name that a macro puts together may be any.
          if end == found + word.count, text.at(end) == 0x23 { return nil }
          symbols.insert(text.string(found..<end))
        }
        return symbols
      }
    }
  }

  /// Throws as `Text` does.
  mutating func add(_ path: String, _ bytes: [UInt8]) throws { add(path, try Text(path, bytes)) }

  mutating func add(_ path: String, _ text: Text) {
    let folder = TreePath.parent(path) ?? ""
    for name in text.directives.names { directives[name, default: []].insert(name.isQuoted ? folder : "") }
    asked.formUnion(text.directives.asked)
    if text.directives.hasComputed { foldersOfComputed.insert(folder) }
    if let own = text.symbols { symbols?.formUnion(own) } else { symbols = nil }
  }

  /// - Parameter unfound: names that no folder has.
  func finish(unfound: [String]) throws -> (absent: Set<String>, symbols: Set<String>?) {
    var absent: Set<String> = []
    func needAbsence(of paths: some Sequence<String>) {
      for path in paths where !environment.has(path, tree) { absent.insert(path) }
    }
    for (name, includers) in directives {
      for includer in includers {
        let candidates = candidates(name, includer)
        if let first = candidates.firstIndex(where: opened.contains) {
          needAbsence(of: candidates[..<first])
        } else if unfound.contains(name.text) {
          needAbsence(of: candidates)
        }
      }
    }
    for name in asked { needAbsence(of: candidates(name, "")) }
    for path in opened {
      for (position, folder) in folders.enumerated() where TreePath.isBelow(path, folder) {
        let name = String(path.dropFirst(folder.count + 1))
        needAbsence(of: folders[..<position].map { "\($0)/\(name)" })
        needAbsence(of: foldersOfComputed.map { $0.isEmpty ? name : "\($0)/\(name)" })
      }
    }
    return (absent, symbols)
  }

  private func candidates(_ name: IncludeDirectives.Name, _ includer: String) -> [String] {
    let first = name.isQuoted ? [includer] : []
    return (first + folders).compactMap { TreePath.normalize($0.isEmpty ? name.text : "\($0)/\(name.text)") }
  }
}

extension ParseEnvironment {
  static func isGenerated(_ path: String) -> Bool { path.hasPrefix(generatedFolder + "/") }

  /// Whether the parse could open the file: the tree's, or one that was made.
  func has(_ path: String, _ tree: any KernelTree) -> Bool {
    Self.isGenerated(path) ? made(path) != nil : tree.contains(path)
  }
}
