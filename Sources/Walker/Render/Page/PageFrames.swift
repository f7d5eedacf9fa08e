internal import WalkerModel

/// A kernel's frames as the template shows them: the map, and the source with its steps and notes.
struct PageFrames {
  let walk: Walk
  let identity: PageIdentity
  let options: ExportOptions
  private let places: AnnotationPlaces
  private let tracked: Set<String>
  /// The number of each frame's first step.
  private let firstSteps: [Int]

  init(walk: Walk, identity: PageIdentity, options: ExportOptions) {
    self.walk = walk
    self.identity = identity
    self.options = options
    places = AnnotationPlaces(walk)
    tracked = walk.trackedNames
    var firstSteps: [Int] = []
    var count = 0
    for frame in walk.allFrames {
      firstSteps.append(count)
      count += frame.steps.count
    }
    self.firstSteps = firstSteps
  }

  /// In the order of their numbers.
  var steps: [ValueStep] { walk.allFrames.flatMap(\.steps) }

  // MARK: The map

  var map: [[String: Any]] {
    let graph = ChainGraph(walk)
    return walk.allFrames.enumerated().map { index, frame in
      var named: Set<String> = []
      let stores = frame.steps.enumerated()
        .filter { $1.kind == .store && named.insert($1.target ?? "stored").inserted }
        .map { number, step in
          [
            "anchor": identity.anchor("s\(firstSteps[index] + number)"),
            "name": PageProse.breakable(step.target ?? "stored"),
          ]
        }
      let edge = graph.edges.first { $0.to == index && !$0.isRead }
      let call = edge.flatMap { edge in
        walk.allFrames[edge.from].steps.lastIndex {
          $0.kind == .call && $0.target == frame.function && $0.location.line == frame.reachedBy.location.line
        }.map { firstSteps[edge.from] + $0 }
      }
      let via =
        switch frame.reachedBy.kind {
        case .entry: "the entry"
        case .indirect: "through " + (frame.reachedBy.table ?? "a pointer")
        case .test: "a test"
        case .direct: frame.role == .side ? "beside the path" : frame.parameter == nil ? "without the value" : ""
        }
      return [
        "role": frame.role.rawValue, "isIndirect": frame.reachedBy.kind == .indirect, "anchor": anchor(index),
        "via": Markup.escaped(via), "name": PageProse.breakable(frame.spelling),
        "hasStores": !stores.isEmpty, "stores": stores,
        "hasStep": call != nil && frame.parameter != nil, "step": call ?? 0,
      ]
    }
  }

  // MARK: Frames

  var contexts: [[String: Any]] {
    var contexts = walk.allFrames.enumerated().map { frame($1, $0) }
    if !places.elsewhere.isEmpty {
      contexts.append([
        "role": "elsewhere", "anchor": identity.anchor("elsewhere"), "name": "Elsewhere", "ordinal": "", "reached": "",
        "hasSource": false, "hasNotes": true, "notes": places.elsewhere.map(note),
      ])
    }
    return contexts
  }

  private func frame(_ frame: Frame, _ index: Int) -> [String: Any] {
    let words = StepWords(walk: walk, frame: frame)
    let facts = self.facts(frame, words)
    let rejected = self.rejected(frame.reachedBy.rejected)
    let count = frame.reachedBy.rejected.count
    let source = PageSource(
      walk: walk, frame: frame, firstStep: firstSteps[index], annotations: places.byFrame[index], identity: identity,
      options: options, frameAnchors: anchors, numbers: places.numbers, words: words)
    let html = source.html
    let notes = (places.tables[index] + places.byFrame[index]).map(note)
    return [
      "role": frame.role.rawValue, "anchor": anchor(index), "isIndirect": frame.reachedBy.kind == .indirect,
      "ordinal": frame.role == .path ? "\(index + 1)" : "·", "name": frame.spelling, "reached": reached(frame),
      "place": place(frame.location), "hasFacts": !facts.isEmpty, "facts": facts,
      "hasRejected": count > 0, "rejected": rejected,
      "rejectedCount": count == 1 ? "1 other table was rejected" : "\(count) other tables were rejected",
      "hasSource": !html.isEmpty, "source": html, "hasNotes": !notes.isEmpty, "notes": notes,
    ]
  }

  private func anchor(_ index: Int) -> String { identity.anchor("f\(index)") }

  /// Where a called function's frame is.
  private var anchors: [String: String] {
    Dictionary(walk.allFrames.enumerated().map { ($1.function, anchor($0)) }) { first, _ in first }
  }

  private func reached(_ frame: Frame) -> String {
    let reached = frame.reachedBy
    switch reached.kind {
    case .entry: return "the walk begins here"
    case .test: return "a test that a result rests on"
    case .direct: return "called at \(place(reached.location))"
    case .indirect:
      let table = reached.table.map { " by the table \(PageProse.code($0))" } ?? ""
      let at = reached.tableLocation.map { " \(place($0))" } ?? ""
      return
        "called through \(reached.through.map(PageProse.code) ?? "a pointer") at \(place(reached.location)),\(table)\(at)"
    }
  }

  private func facts(_ frame: Frame, _ steps: StepWords) -> [[String: Any]] {
    var facts: [(String, String)] = frame.reachedBy.evidence.enumerated().map {
      ($0 == 0 ? "because" : "", Markup.escaped($1))
    }
    if let parameter = steps.parameter { facts.append(("with", PageProse.code(parameter))) }
    if let left = frame.leftBehind { facts.append(("no value", Markup.escaped(left))) }
    let words = ConditionWords(walk: walk, showsSource: options.showsSource)
    for (label, lines) in [("given", words.given(frame)), ("fails", words.fails(frame))] {
      facts += lines.enumerated().map { position, line in
        (position == 0 ? label : "", PageProse.code(line.text) + (line.location.map { " " + place($0) } ?? ""))
      }
    }
    return facts.map { ["label": $0, "text": $1] }
  }

  /// By reason.
  private func rejected(_ candidates: [RejectedCandidate]) -> [[String: Any]] {
    candidates.map(\.why).uniqued.map { why in
      let tables = candidates.filter { $0.why == why }.map { candidate -> String in
        let title = Markup.escaped("\(candidate.function), \(candidate.location)")
        let url = options.browser?.link(candidate.location, in: walk.kernel)
        let name = Markup.escaped(candidate.table)
        return url.map {
          "<a href=\"\(Markup.escaped($0))\" title=\"\(title)\" rel=\"noreferrer\"><code>\(name)</code></a>"
        }
          ?? "<code title=\"\(title)\">\(name)</code>"
      }
      return ["why": why, "tables": tables.joined(separator: ", ")]
    }
  }

  private func note(_ annotation: BoundAnnotation) -> [String: Any] {
    [
      "anchor": identity.anchor(annotation.id), "marker": Marker.text(places.numbers[annotation.id] ?? 0),
      "title": PageProse.inline(annotation.title),
      "prose": PageProse.html(annotation.prose, headingLevel: 5, tracked: tracked),
      "place": place(annotation.range.start),
      "lines": "\(annotation.range.start.line)-\(FrameLines.lastShown(of: annotation.range))",
    ]
  }

  private func place(_ place: SourceLocation) -> String { place.htmlLink(options.browser, walk.kernel) }
}

extension SourceLocation {
  /// The place, linked where there is a public tree of this version.
  func htmlLink(_ browser: KernelBrowser?, _ kernel: KernelIdentity) -> String {
    let text = Markup.escaped(description)
    guard let url = browser?.link(self, in: kernel) else { return "<span class=\"place\">\(text)</span>" }
    return "<a class=\"place\" href=\"\(Markup.escaped(url))\" rel=\"noreferrer\">\(text)</a>"
  }
}
