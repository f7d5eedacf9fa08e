internal import WalkerModel

/// The edits of the kernel that have consequences, each once, and what else is not as it was accepted.
///
/// A consequence belongs to the edit at which it stands; else to the nearest in its function; a result to the edit that
/// others of the walked functions trace back to. What belongs to none is a cause of its own, at its own place.
struct CauseFinder {
  let walkthrough: Walkthrough
  let walk: Walk
  let functions: FunctionMap
  let baseline: String?
  /// How the user names the kernel and the walkthrough's place, so that a command can be copied.
  let arguments: String

  private struct Item {
    let consequence: Cause.Consequence
    let places: [SourceLocation]
    let from: CodePlace?
    let advice: String?
  }

  private struct Group {
    let edit: Edit?
    let to: CodePlace?
    var items: [Item] = []
  }

  func causes(
    results: [ResultReport], way: PathReport, annotations: [AnnotationReport]
  ) -> (causes: [Cause], context: [KernelReport.Step]) {
    var groups: [Group] = []
    func put(_ item: Item, _ edit: Edit?) {
      if let edit {
        if let known = groups.firstIndex(where: { $0.edit == edit }) { return groups[known].items.append(item) }
        return groups.append(Group(edit: edit, to: edit.to, items: [item]))
      }
      let place = item.places.first.map { CodePlace(function: nil, file: $0.file, line: $0.line, endLine: $0.line) }
      if let known = groups.firstIndex(where: { $0.edit == nil && $0.to == place && place != nil }) {
        return groups[known].items.append(item)
      }
      groups.append(Group(edit: nil, to: place, items: [item]))
    }
    for annotation in annotations where annotation.verdict != .ok && annotation.follows == nil {
      let item = item(annotation)
      put(item, edit(at: item.places) ?? lostEdit(annotation))
    }
    for reason in way.reasons where reason.verdict != .ok {
      let places = reason.location.map { [$0] } ?? []
      let item = Item(
        consequence: Cause.Consequence(
          subject: reason.subject, id: reason.id.isEmpty ? "path" : reason.id, verdict: reason.verdict,
          words: reason.text),
        places: places, from: nil, advice: nil)
      put(item, edit(at: places) ?? (places.isEmpty ? onlyEdit : nil))
    }
    // A test's own edit first; what asks that test follows from it.
    let failing = results.filter { $0.verdict != .ok }.sorted { editOfTest($0) != nil && editOfTest($1) == nil }
    for result in failing {
      let item = item(result)
      let broken = groups.filter { group in
        group.edit != nil && group.items.contains { $0.consequence.verdict >= result.verdict }
      }
      put(item, edit(of: result) ?? (broken.count == 1 ? broken[0].edit : nil) ?? onlyEdit)
    }
    // What stands as it stood has its verdict from a result.
    for annotation in annotations where annotation.verdict != .ok && annotation.follows != nil {
      let item = item(annotation)
      let leader = groups.firstIndex { group in
        group.items.contains { one in
          one.consequence.subject == .result && one.consequence.verdict > .review
            && (annotation.follows == one.consequence.id || annotation.follows == "")
        }
      }
      if let leader { groups[leader].items.append(item) } else { put(item, edit(at: item.places)) }
    }
    groups = Self.joined(groups)
    let made = groups.map(cause).enumerated().sorted { left, right in
      (right.element.verdict, left.offset) < (left.element.verdict, right.offset)
    }.map(\.element)
    let explained = Set(groups.compactMap(\.edit))
    let context = functions.edits.filter { !explained.contains($0) }.map {
      KernelReport.Step(location: $0.location, text: "\($0.function)() was edited")
    }
    return (made, context)
  }

  /// What says the same of one thing, a condition or a number that it names, has one reason: it is told where the first of
  /// the edits is that an annotation stands at.
  private static func joined(_ groups: [Group]) -> [Group] {
    var joined: [Group] = []
    for group in groups {
      let twin = joined.firstIndex { other in
        other.items.contains { item in
          item.consequence.verdict > .review && item.consequence.words.contains("(")
            && group.items.contains { $0.consequence.words == item.consequence.words }
        }
      }
      if let twin { joined[twin].items += group.items } else { joined.append(group) }
    }
    return joined
  }

  // MARK: - Items

  private func item(_ annotation: AnnotationReport) -> Item {
    let statement = annotation.statements.first
    let words = annotation.reasons.first ?? annotation.text.rawValue
    var places = annotation.changedAt
    if let to = annotation.to { places.append(to.location) }
    return Item(
      consequence: Cause.Consequence(
        subject: statement == nil ? .annotation : .statement, id: annotation.id, verdict: annotation.verdict,
        words: words, location: statement?.statedAt ?? annotation.location),
      places: places, from: annotation.from, advice: annotation.advice)
  }

  private func item(_ result: ResultReport) -> Item {
    var words = result.reasons.first ?? result.meaning.rawValue
    if let example = result.counterexample {
      let inputs = example.inputs.map { "\($0.name) = \($0.number)" }.joined(separator: ", ")
      let numbers = [example.derived, example.claimed].map { $0.map(String.init) ?? "never" }
      words = "it is \(result.formula); for \(inputs) that is \(numbers[0]), and \(example.era) says \(numbers[1])"
    }
    return Item(
      consequence: Cause.Consequence(subject: .result, id: result.id, verdict: result.verdict, words: words),
      places: result.location.map { [$0] } ?? [], from: nil, advice: nil)
  }

  // MARK: - Where it belongs

  private func edit(at places: [SourceLocation]) -> Edit? {
    for slack in [0, 1] {
      for place in places {
        if let found = functions.edits.first(where: { $0.contains(place, within: slack) }) { return found }
      }
    }
    for place in places {
      let near = functions.edits.filter { edit in
        functions.new(edit.function)?.contains(place) == true
      }
      // What was edited before it comes first: an assignment, a condition.
      if let last = near.last(where: { $0.to.line <= place.line }) ?? near.first { return last }
    }
    return nil
  }

  /// Of a place that is gone: the edit that took it away.
  private func lostEdit(_ annotation: AnnotationReport) -> Edit? {
    guard annotation.to == nil, let from = annotation.from else { return nil }
    return functions.edits.first {
      $0.from.file == from.file && ($0.from.line...max($0.from.endLine, $0.from.line)).contains(from.line)
    } ?? functions.edits(of: from.function).first
  }

  private var onlyEdit: Edit? { functions.edits.count == 1 ? functions.edits[0] : nil }

  /// Of a threshold an edit of its test; of what is stored one at which the walk has a step.
  private func edit(of result: ResultReport) -> Edit? {
    guard walk.results.contains(where: { $0.id == result.id }) else { return nil }
    if let own = editOfTest(result) { return own }
    if let place = result.location, let here = functions.edits.first(where: { $0.contains(place) }) { return here }
    let steps = (walk.frames + walk.sideFrames).flatMap(\.steps)
    let touched = functions.edits.filter { edit in steps.contains { edit.contains($0.location) } }
    return touched.count == 1 ? touched[0] : nil
  }

  /// The edit of the test itself, or of another test that it asks.
  private func editOfTest(_ result: ResultReport) -> Edit? {
    guard let subject = walk.results.first(where: { $0.id == result.id })?.subject else { return nil }
    let asked = functions.new(subject)?.calls ?? []
    let others = walk.results.filter { $0.id != result.id && asked.contains($0.subject) }.map(\.subject)
    return (others + [subject]).lazy.compactMap { functions.edits(of: $0).first }.first
  }

  // MARK: - Words

  private func cause(_ group: Group) -> Cause {
    let order: [Cause.Consequence.Subject] = [.result, .counter, .way, .knob, .statement, .annotation]
    let items = group.items.enumerated().sorted { left, right in
      let (a, b) = (left.element.consequence, right.element.consequence)
      if a.verdict != b.verdict { return a.verdict > b.verdict }
      let (first, second) = (order.firstIndex(of: a.subject) ?? 0, order.firstIndex(of: b.subject) ?? 0)
      return (first, left.offset) < (second, right.offset)
    }.map(\.element)
    let consequences = items.map(\.consequence)
    let verdict = consequences.map(\.verdict).max() ?? .ok
    return Cause(
      verdict: verdict, to: group.to, from: group.edit?.from ?? items.lazy.compactMap(\.from).first,
      baseline: baseline, what: headline(consequences), consequences: consequences,
      remedy: items.lazy.compactMap(\.advice).first ?? remedy(consequences, verdict))
  }

  private func headline(_ consequences: [Cause.Consequence]) -> String {
    guard let first = consequences.first else { return "" }
    switch first.subject {
    case .result:
      let title = walkthrough.results.first { $0.id == first.id }?.title
      return "\(title.map { "\"\($0)\"" } ?? first.id): \(first.words)"
    case .way: return "the way of the value: \(first.words)"
    case .annotation, .statement:
      let title = walkthrough.annotations.first { $0.id == first.id }?.title
      return "\(title.map { "\"\($0)\"" } ?? first.id): \(first.words)"
    case .knob, .counter: return first.words
    }
  }

  /// The command that settles it once prose and claims are right.
  private func remedy(_ consequences: [Cause.Consequence], _ verdict: CheckVerdict) -> String {
    var seen: Set<String> = []
    let ids = consequences.map { consequence in
      [.knob, .counter].contains(consequence.subject) ? "path" : consequence.id
    }.filter { seen.insert($0).inserted }
    let command =
      "walker accept \(walkthrough.name) \(arguments) \(ids.joined(separator: " ")) --prose-still-true"
    let isRefuted = consequences.contains { $0.subject == .result && $0.verdict == .broken }
    return isRefuted ? "add the new behaviour as an era, or correct the claim; then \(command)" : command
  }
}
