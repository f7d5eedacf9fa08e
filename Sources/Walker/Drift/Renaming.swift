public import WalkerModel

extension Walkthrough {
  /// Every function that the walkthrough names.
  var functionNames: Set<String> {
    var names = Set(waypoints + annotations.flatMap(\.anchor.function))
    if case .function(let entries) = entry { names.formUnion(entries) }
    for result in results { names.formUnion(result.subject.functions) }
    return names
  }

  /// The same walkthrough where the followed parameter may have another name; nil when the lock does not know its place.
  public func tracking(as lock: Lock) -> Walkthrough? {
    guard let place = lock.baselines.lazy.compactMap(\.way?.tracked).first else { return nil }
    var other = self
    other.trackedPosition = place
    return other
  }

  /// The same walkthrough for a kernel that has other names for some functions.
  ///
  /// - Parameter names: new names by the old ones.
  public func renaming(_ names: [String: String]) -> Walkthrough {
    func renamed(_ list: [String]) -> [String] { list.map { names[$0] ?? $0 } }
    var walkthrough = self
    if case .function(let entries) = entry { walkthrough.entry = .function(renamed(entries)) }
    walkthrough.waypoints = renamed(waypoints)
    for index in results.indices {
      walkthrough.results[index].subject = results[index].subject.renamingFunctions(renamed)
    }
    for index in annotations.indices {
      let anchor = annotations[index].anchor
      walkthrough.annotations[index].anchor.function = renamed(anchor.function)
      walkthrough.annotations[index].anchor.of = renamed(anchor.of)
      walkthrough.annotations[index].anchor.mentions = renamed(anchor.mentions)
    }
    return walkthrough
  }
}
