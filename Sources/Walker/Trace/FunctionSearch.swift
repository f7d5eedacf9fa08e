internal import WalkerClang
public import WalkerKernel
public import WalkerModel

/// Looks for functions that a kernel does not have under the names under which they were known: in the files that they and
/// their neighbours stood in, by their text.
public struct FunctionSearch {
  private let program: Program

  /// Throws `UserError` when libclang can't be started.
  public init(tree: any KernelTree, environment: ParseEnvironment) throws {
    program = try Program(tree: tree, environment: environment)
  }

  /// For each lost function that has exactly one likely successor its new name, by the old one.
  ///
  /// - Parameter known: names that were there before, and so are no successors.
  /// Throws `UserError` when a file can't be parsed.
  public func successors(of lost: [LostFunction], known: Set<String>) throws -> [String: String] {
    let files = Set(lost.flatMap { [$0.file] + $0.near }).filter { $0.hasSuffix(".c") && program.tree.contains($0) }
    let places = Set(lost.flatMap { [$0.file] + $0.near })
    var candidates: [String: TokenText] = [:]
    for file in files.sorted() {
      let functions = try program.unit(file).functions
      for name in functions.entries.keys where !known.contains(name) {
        guard let definition = functions[name], let start = definition.start, let path = program.relative(start.path),
          places.contains(path),
          let end = definition.end, end.offset > start.offset
        else { continue }
        let bytes = program.bytes(path)
        if end.offset <= bytes.count { candidates[name] = TokenText(bytes[start.offset..<end.offset]) }
      }
    }
    var found: [String: String] = [:]
    for function in lost {
      let ranked = try candidates.map { name, text in (name, try likeness(text, name, function)) }
        .filter { $0.1 >= 0.5 }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
      guard let first = ranked.first, ranked.count == 1 || ranked[1].1 < first.1 else { continue }
      found[function.name] = first.0
    }
    return found
  }

  private func likeness(_ text: TokenText, _ name: String, _ lost: LostFunction) throws -> Double {
    if try text.digest(without: name) == lost.text { return 2 }
    return Sketch.likeness(text.sketch(without: name), lost.sketch)
  }
}
