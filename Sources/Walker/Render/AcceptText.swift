public import WalkerModel

/// What a person has to read before accepting: each annotation's prose, and the place that it is about.
public enum AcceptText {
  /// - Parameter names: ids of annotations and results; nil: all.
  public static func render(_ walk: Walk, _ names: Set<String>?, _ options: TextOptions) -> String {
    guard names != nil else { return WalkText.render(walk, options) }
    return WalkText.render(walk.keeping(names ?? []), options)
  }
}

extension Walk {
  /// The walk with the named annotations and results only.
  fileprivate func keeping(_ names: Set<String>) -> Walk {
    let kept = annotations.filter { names.contains($0.id) }
    let functions = Set(kept.compactMap(\.function))
    return Walk(
      walkthrough: walkthrough, title: title, kernel: kernel, tracked: tracked,
      frames: frames.filter { functions.contains($0.function) },
      sideFrames: sideFrames.filter { functions.contains($0.function) }, reaches: [],
      results: results.filter { names.contains($0.id) }, openEnds: [], knobs: [], annotations: kept, introduction: "",
      findings: [], coverage: coverage, files: files)
  }
}
