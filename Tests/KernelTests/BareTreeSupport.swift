import WalkerModel

@testable import WalkerKernel

/// A tree of invented files.
struct TextTree: KernelTree {
  let source = "invented"
  var root: String?
  var texts: [String: String]

  init(_ texts: [String: String], root: String? = nil) {
    self.texts = texts
    self.root = root
  }

  func contents(of path: String) throws -> [UInt8]? { texts[path].map { Array($0.utf8) } }
  func contains(_ path: String) -> Bool { texts[path] != nil }
  func files(below folder: String) throws -> [String] { texts.keys.filter { $0.hasPrefix("\(folder)/") }.sorted() }
  func answer(_ query: IndexQuery) throws -> [IndexHit] { [] }

  /// The configuration of a tree with one Kconfig file and these answers; names without `CONFIG_`.
  static func solve(
    _ kconfig: String, answers: [String: String] = [:], pinned: [String: String] = [:]
  ) throws -> [String: String] {
    var reader = KconfigReader(tree: TextTree(["Kconfig": kconfig]), architecture: "x86")
    try reader.read("Kconfig")
    var solver = KconfigSolver(reader: reader, answers: answers, pinned: pinned)
    return solver.solve()
  }

  static func configuration(_ symbols: [String: String]) -> KernelConfiguration {
    KernelConfiguration(source: "test", sha256: "", symbols: symbols)
  }
}

extension ParseEnvironment {
  /// The text of a generated header, by its path below the generated folder's `include`.
  func generated(_ path: String) -> String? {
    virtualFiles["\(prefix)/\(Self.generatedFolder)/include/\(path)"].map { String(decoding: $0, as: UTF8.self) }
  }
}
