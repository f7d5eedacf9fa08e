internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel
internal import WalkerTrace

/// What a kernel says of sysctls by their names.
struct SysctlAnswering {
  let request: EngineRequest

  /// Throws `UserError` when the tree can't be read, or is a set that was made for walkthroughs alone.
  func answer(_ names: [String]) throws -> EngineResponse {
    let tree = try KernelSources.open(request.kernel, cache: request.cache)
    // A set that can't tell says so before anything is made of it.
    _ = try tree.answer(.initializer(field: "proc_handler"))
    let environment = try Walking(request: request, tree: tree).environment()
    let answer = try SysctlSearch(tree: tree, environment: environment).find(names)
    let missing = answer.missing.map { name, why in
      let last = name.prefix { $0 != "[" }.split { $0 == "." || $0 == "/" }.last.map(String.init) ?? name
      let nearest = answer.known.contains(last) ? nil : Spelling.nearest(to: last, among: answer.known.sorted())
      return MissingSysctl(name: name, why: why, nearest: nearest)
    }
    return .sysctls(answer.found, missing: missing)
  }
}
