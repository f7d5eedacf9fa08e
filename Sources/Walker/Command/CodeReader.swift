internal import WalkerDrift
internal import WalkerKernel
internal import WalkerModel

/// The source of places that are not ok, then and now, where both kernels' text is on disk.
struct CodeReader {
  let kernel: KernelReference
  let lock: Lock
  let places: Places
  /// Longer ones are looked at in an editor.
  private static let limit = 24

  func fill(_ report: inout KernelReport) {
    var trees: [String: (any KernelTree)?] = [:]
    func tree(_ reference: KernelReference?) -> (any KernelTree)? {
      guard let reference, reference.isCheapToRead else { return nil }
      if let known = trees[reference.name] { return known }
      // Source that can't be shown changes no verdict; the report's hint says how to see it.
      let opened = try? KernelSources.open(reference, cache: places.cache)
      trees[reference.name] = .some(opened)
      return opened
    }
    for position in report.causes.indices {
      let cause = report.causes[position]
      let accepted = cause.baseline.flatMap(reference)
      let old = cause.from.flatMap { lines($0, tree(accepted)) }
      let new = cause.to.flatMap { lines($0, tree(kernel)) }
      report.causes[position].code = CodePair(
        old: old, new: new, hint: old == nil && cause.from != nil ? hint(cause.baseline) : nil)
    }
  }

  /// The accepted kernel, where it has been added, or is the checked one.
  private func reference(_ name: String) -> KernelReference? {
    if name == kernel.name { return kernel }
    // As above.
    guard let folder = try? places.catalog().path(of: name), isFolder(folder) else { return nil }
    return KernelReference(name: name, kind: .set(folder), source: "")
  }

  private func lines(_ place: CodePlace, _ tree: (any KernelTree)?) -> [String]? {
    // As above.
    guard let bytes = (try? tree?.contents(of: place.file)) ?? nil else { return nil }
    let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
    // A place that holds nothing is where lines went.
    if place.endLine < place.line { return [] }
    let last = min(place.endLine, place.line + Self.limit - 1, lines.count)
    guard place.line >= 1, place.line <= last else { return nil }
    return lines[(place.line - 1)..<last].map { String(decoding: $0, as: UTF8.self) }
  }

  private func hint(_ name: String?) -> String? {
    guard let name, let accepted = lock.baselines.first(where: { $0.kernel.name == name }) else { return nil }
    let source = accepted.kernel.source
    return source.hasPrefix("apt:")
      ? "to see the old source: walker kernels add \(name)"
      : "the old source is that of Linux \(accepted.kernel.version), \(source)"
  }
}

extension KernelReference {
  /// An archive has to be unpacked for every look at it.
  fileprivate var isCheapToRead: Bool { if case .archive = kind { false } else { true } }
}
