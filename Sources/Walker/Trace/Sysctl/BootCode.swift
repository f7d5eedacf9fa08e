internal import WalkerKernel
internal import WalkerModel

/// Which functions run when the kernel starts, or when a namespace is made: those that say so (`__init`, `__net_init`, an
/// initcall, `.init` of a `pernet_operations`) and those that one of them calls. What runs later, such as a sysctl's own
/// write handler, is none.
final class BootCode {
  private let program: Program
  private var outlines: [String: SourceOutline] = [:]
  private var known: [String: Bool] = [:]
  /// Calls between a function that says that it runs at start and one that does not.
  private static let depth = 3

  init(program: Program) { self.program = program }

  func outline(_ file: String) -> SourceOutline {
    if let found = outlines[file] { return found }
    let made = SourceOutline(program.bytes(file))
    outlines[file] = made
    return made
  }

  /// Throws `UserError` when the tree can't be searched.
  func runsAtStart(_ function: String, in file: String) throws -> Bool {
    try runsAtStart(function, in: file, depth: 0)
  }

  private func runsAtStart(_ function: String, in file: String, depth: Int) throws -> Bool {
    let key = "\(file):\(function)"
    if let found = known[key] { return found }
    let outline = outline(file)
    if outline.parameterHandlers.contains(function) { return false }
    if outline.isStart(function) { return true }
    guard depth < Self.depth, let own = outline.function(function) else { return false }
    // One that calls itself is not thereby called.
    known[key] = false
    var found = false
    for caller in outline.calling(function) where caller.name != function && !found {
      found = try runsAtStart(caller.name, in: file, depth: depth + 1)
    }
    if !found, !own.head.contains("static") {
      for hit in try program.tree.answer(.caller(of: function)) where hit.file != file && hit.file.hasSuffix(".c") {
        guard let caller = hit.value, try runsAtStart(caller, in: hit.file, depth: depth + 1) else { continue }
        found = true
        break
      }
    }
    // What was not found a few calls deep may be found by a shorter way.
    known[key] = found || depth == 0 ? found : nil
    return found
  }
}
