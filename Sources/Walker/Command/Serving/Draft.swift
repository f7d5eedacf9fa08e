internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel
internal import WalkerRender

/// A walkthrough that somebody is writing: read and walked again whenever its file has changed.
actor Draft {
  struct Round: Sendable {
    let walks: [Walk]
    /// Mistakes in the walkthrough, each with its line and a caret.
    let mistakes: [String]
    /// The prose is new, the rest is still being derived.
    let isPreview: Bool
    let seconds: Double
  }

  let name: String
  let file: String
  private let kernels: [KernelReference]
  private let configuration: String?
  private let places: Places
  private var known: (shape: [String], walks: [Walk])?

  init(name: String, kernels: [KernelReference], configuration: String?, places: Places) throws {
    self.name = name
    self.kernels = kernels
    self.configuration = configuration
    self.places = places
    file = try places.annotations().file(of: name)
  }

  /// What changes when the file does.
  nonisolated var stamp: FileStamp { FileStamp(file) }

  /// Hands over one round, or two: where only prose has changed the known walks are told anew at once.
  func rounds(_ show: @Sendable (Round) async throws -> Void) async throws {
    let start = ContinuousClock.now
    func seconds() -> Double {
      let passed = (ContinuousClock.now - start).components
      return Double(passed.seconds) + Double(passed.attoseconds) / 1e18
    }
    do {
      let text = try places.annotations().text(of: name)
      let walkthrough = try WalkthroughReader.read(text, name: name, file: file)
      let shape = WalkthroughShape.lines(of: text)
      if let known, known.shape == shape {
        let walks = known.walks.map { $0.retold(by: walkthrough) }
        try await show(Round(walks: walks, mistakes: mistakes(in: walks, text), isPreview: true, seconds: seconds()))
      }
      var walks: [Walk] = []
      for kernel in kernels {
        walks.append(
          try await WalkSource(walkthrough: name, kernel: kernel, configuration: configuration, places).shown())
      }
      known = (shape, walks)
      try await show(Round(walks: walks, mistakes: mistakes(in: walks, text), isPreview: false, seconds: seconds()))
    } catch let error as UserError {
      // The mistake is shown all the same, without the line that it is in.
      let text = (try? places.annotations().text(of: name)) ?? ""
      try await show(
        Round(
          walks: [], mistakes: [MistakeText.render(error.message, file: file, text: text)], isPreview: false,
          seconds: seconds()))
    }
  }

  private func mistakes(in walks: [Walk], _ text: String) -> [String] {
    var seen: Set<String> = []
    return walks.flatMap { walk in
      walk.findings.filter { $0.severity == .error }.map { finding in
        let place = finding.location.map { "\($0): " } ?? ""
        let notes = finding.notes.isEmpty ? "" : ": " + finding.notes.joined(separator: "; ")
        return MistakeText.render(place + finding.summary + notes, file: file, text: text)
      }
    }.filter { seen.insert($0).inserted }
  }
}

/// The lines of a walkthrough that a walk depends on: front matter, anchors, and the headings that carry ids. Where they are
/// the same, only prose has changed.
enum WalkthroughShape {
  static func lines(of text: String) -> [String] {
    var shape: [String] = []
    var isFrontMatter = false
    var fence: Substring?
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let bare = line.drop { $0 == " " }
      if number == 0, line.hasPrefix("---") {
        isFrontMatter = true
      } else if isFrontMatter {
        if line.hasPrefix("---") { isFrontMatter = false } else { shape.append(String(line)) }
      } else if let open = fence {
        if bare.hasPrefix(open), bare.allSatisfy({ $0 == open.first || $0.isWhitespace }) { fence = nil }
        shape.append(String(line))
      } else if bare.hasPrefix("```") || bare.hasPrefix("~~~") {
        fence = bare.prefix { $0 == bare.first }
        shape.append(String(line))
      } else if line.hasPrefix("## "), let id = line.lastIndex(of: "{") {
        shape.append(String(line[id...]))
      }
    }
    return shape
  }
}

extension Walk {
  /// The same walk with a walkthrough's prose. What the prose was when it was walked is gone.
  func retold(by walkthrough: Walkthrough) -> Walk {
    var walk = Walk(
      walkthrough: self.walkthrough, title: walkthrough.title, kernel: kernel, tracked: tracked, frames: frames,
      sideFrames: sideFrames, reaches: reaches, results: results, openEnds: openEnds, knobs: knobs,
      annotations: annotations.map { bound in
        guard let own = walkthrough.annotations.first(where: { $0.id == bound.id }) else { return bound }
        return BoundAnnotation(
          id: bound.id, title: own.title, prose: own.prose, function: bound.function, range: bound.range,
          results: bound.results)
      },
      introduction: walkthrough.introduction, findings: findings, coverage: coverage, files: files,
      fingerprints: fingerprints)
    walk.constants = constants
    walk.errorNames = errorNames
    walk.answer = walkthrough.answer
    walk.agreements = agreements
    return walk
  }
}
