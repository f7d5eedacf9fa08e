public import WalkerModel

extension Walkthrough {
  /// Every function that the walkthrough names.
  var functionNames: Set<String> {
    var names = Set(waypoints + annotations.flatMap(\.anchor.function))
    if case .function(let entries) = entry { names.formUnion(entries) }
    for result in results {
      if case .threshold(let threshold) = result.subject { names.formUnion(threshold.test + threshold.until) }
    }
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
    var walkthrough = Walkthrough(
      name: name, title: title,
      entry: { if case .function(let entries) = entry { .function(renamed(entries)) } else { entry } }(), track: track,
      waypoints: renamed(waypoints), conditions: conditions, assumptions: assumptions,
      results: results.map { result in
        guard case .threshold(let test) = result.subject else { return result }
        return ResultSpecification(
          id: result.id, title: result.title,
          subject: .threshold(
            ResultSpecification.Threshold(
              test: renamed(test.test), counter: test.counter, until: renamed(test.until), assumptions: test.assumptions
            )),
          eras: result.eras, location: result.location, isOptional: result.isOptional)
      }, probes: probes, introduction: introduction,
      annotations: annotations.map { annotation in
        let anchor = annotation.anchor
        var other = Annotation(
          id: annotation.id, title: annotation.title,
          anchor: Anchor(
            function: renamed(anchor.function), role: anchor.role, of: renamed(anchor.of),
            mentions: renamed(anchor.mentions),
            eras: anchor.eras, results: anchor.results, isOptional: anchor.isOptional), prose: annotation.prose,
          location: annotation.location)
        (other.holds, other.names) = (annotation.holds, annotation.names)
        return other
      })
    walkthrough.trackedPosition = trackedPosition
    walkthrough.trust = trust
    walkthrough.answer = answer
    return walkthrough
  }
}
