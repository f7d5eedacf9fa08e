internal import WalkerFormula
internal import WalkerModel

/// One kernel's part of the page: what the template shows, and what the script computes with.
struct PageKernel {
  let walk: Walk
  let identity: PageIdentity
  let context: [String: Any]
  let json: JSONText

  private let browser: KernelBrowser?
  private let tracked: Set<String>

  init(walk: Walk, identity: PageIdentity, options: ExportOptions, results: [String], inputs: [PageInput]) {
    self.walk = walk
    self.identity = identity
    browser = options.browser
    tracked = walk.trackedNames
    var program = PageProgram()
    let frames = PageFrames(walk: walk, identity: identity, options: options)
    let steps = frames.steps.map { step in
      JSONText.members([
        "node": .number(program.add(step.value)), "isTruth": step.value.type == .bool ? .flag(true) : nil,
      ])
    }
    let limits = PageLimits.all(of: frames.steps, walk: walk).map { $0.json(identity, &program) }
    let outcomes = results.map { id in walk.results.first { $0.id == id }.map { program.result($0, of: walk) } ?? .null
    }
    let knobs = inputs.map { input in
      walk.knobs.first { !input.isTracked && !input.isState && $0.name == input.label }
    }
    let known = program.inputs.map { PageInput.index(of: $0, in: walk, among: inputs) ?? -1 }
    // As the answer is told in text: the walkthrough's example counts before a default.
    let usual = ResultNumbers(walk).known
    let defaults = zip(inputs, knobs).map { input, knob in
      usual.first { !input.isTracked && PageInput.index(of: $0.key, in: walk, among: inputs) == input.index }?.value
        ?? knob?.defaultValue
    }
    json = .members([
      "slug": .text(identity.slug), "name": .text(walk.kernel.name),
      "answer": .list(AnswerSentence.pieces(of: walk, results: results, inputs: inputs)),
      "version": .text(walk.kernel.version), "nodes": program.json,
      "inputs": .list(known.map { .number($0) }),
      "defaults": .list(defaults.map { $0.map { .text("\($0)") } ?? .null }),
      "hints": .list(zip(inputs, knobs).map { .text(Self.hint($0, $1)) }),
      "results": .list(outcomes), "steps": .list(steps), "limits": .list(limits),
    ])
    context = [
      "number": identity.number, "isFirst": identity.number == 0, "name": walk.kernel.name,
      "version": walk.kernel.version, "source": walk.kernel.source,
      "configuration": "\(walk.kernel.configuration.source) configuration", "slug": identity.slug,
      "map": frames.map, "frames": frames.contexts,
      "lists": PageLists(walk: walk, browser: options.browser).contexts,
    ]
  }

  private static func hint(_ input: PageInput, _ knob: Knob?) -> String {
    guard !input.isTracked else { return "" }
    if input.isState { return "\(input.minimum) to \(input.maximum)" }
    guard let knob else { return "plays no part in this kernel" }
    if let number = knob.defaultValue { return "default \(number), \(knob.rangeText)" }
    return knob.defaultFormula.map { "computed at boot: \($0)" } ?? "its default is not known"
  }

  func resultContext(_ id: String) -> [String: Any] {
    var context: [String: Any] = ["number": identity.number, "isFirst": identity.number == 0]
    guard let result = walk.results.first(where: { $0.id == id }) else {
      context["verdict"] = "not asked of this kernel"
      context["proof"] = "none"
      return context
    }
    var notes: [[String: Any]] = []
    if let agreement = ResultWords.agreement(of: result, in: walk) {
      notes.append(["text": Markup.escaped(agreement.capitalizedSentence)])
    }
    if let example = result.counterexample {
      notes.append(["text": Markup.escaped("For \(walk.counterexampleText(example, of: result)).")])
    }
    if let undefined = result.undefinedWhen {
      notes.append(["text": "C gives no value when \(PageProse.code(undefined))."])
    }
    if let relapse = ResultWords.relapse(of: result) { notes.append(["text": Markup.escaped(relapse)]) }
    // When nothing is stored, the formula says.
    if let derivation = result.derivation, case .threshold = derivation.form,
      derivation.reachedWhen.constantNumber == nil, derivation.reachedWhen.text.count <= ConditionWords.longest
    {
      notes.append(["text": "asked when \(PageProse.foldable(derivation.reachedWhen.text, tracked: tracked))"])
    }
    let given = ConditionWords.short(result.assumptions).map(PageProse.code)
    if !given.isEmpty { notes.append(["text": "given \(given.joined(separator: ", "))"]) }
    context["hasFormula"] = result.hasFormula
    context["formula"] = PageProse.named(walk.formulaText(of: result), tracked: tracked)
    context["proof"] = result.proof.rawValue
    context["verdict"] = ResultWords.verdict(of: result, code: PageProse.code, text: { Markup.escaped($0) })
    context["notes"] = notes
    context.merge(rests(result)) { $1 }
    return context
  }
}

extension PageKernel {
  /// What the proof rests on; the same list stands once.
  fileprivate func rests(_ result: WalkResult) -> [String: Any] {
    let words = RestsWords(result: result)
    guard let counts = words.counts else { return ["hasRests": false] }
    let twin = words.twin(in: walk.results)
    var context: [String: Any] = ["hasRests": true, "restsTitle": words.title, "restsCounts": counts]
    if let twin { context["restsTwin"] = twin.id }
    let listed = twin == nil ? result.restsOn : []
    context["rests"] = listed.map { obligation in
      [
        "state": obligation.state.rawValue, "subject": obligation.subject, "how": RestsWords.how(obligation),
        "place": obligation.location.file.isEmpty ? "" : obligation.location.htmlLink(browser, walk.kernel),
      ]
    }
    return context
  }
}

/// Where a number is limited on the way: the step, what it is held against, and what it is without.
struct PageLimits {
  private let number: Int
  private let step: ValueStep
  private let limit: Expression
  private let other: Expression
  private let isMinimum: Bool
  private let name: String

  /// The last one on the chain first: the first whose limit is the smaller, or larger, one decides.
  static func all(of steps: [ValueStep], walk: Walk) -> [PageLimits] {
    let onPath = walk.frames.flatMap(\.steps).count
    return steps.prefix(onPath).enumerated().reversed().flatMap { number, step -> [PageLimits] in
      guard step.kind == .clamp else { return [] }
      var value = step.value
      while case .convert(let inner) = value.kind { value = inner }
      guard case .binary(let op, let left, let right) = value.kind, op == .minimum || op == .maximum else { return [] }
      return [(left, right), (right, left)].filter { !$0.0.inputs.contains(walk.tracked) }.map { limit, other in
        let input = limit.inputs.first
        return PageLimits(
          number: number, step: step, limit: limit, other: other, isMinimum: op == .minimum,
          name: input.map { walk.knob(of: $0)?.name ?? $0.name } ?? limit.text)
      }
    }
  }

  func json(_ identity: PageIdentity, _ program: inout PageProgram) -> JSONText {
    .members([
      "anchor": .text(identity.anchor("s\(number)")), "limit": .number(program.add(limit)),
      "other": .number(program.add(other)), "isMinimum": .flag(isMinimum), "name": .text(name),
      "place": .text("\(step.location)"),
    ])
  }
}
