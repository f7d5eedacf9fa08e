internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel
internal import WalkerRender

/// The tools of `walker mcp`: each answers with the JSON that the command of that name writes.
struct AssistantTools: Sendable {
  let places: Places

  private static let walkthrough = AssistantTool.Parameter(
    name: "walkthrough", kind: .text, purpose: "The walkthrough's name, as \"list\" has it; without it, the first one.")
  private static let kernel = AssistantTool.Parameter(
    name: "kernel", kind: .text,
    purpose: "A kernel's name, as \"list\" has it, or a source tree's path; without it, the newest that was added.")
  private static let kernels = AssistantTool.Parameter(
    name: "kernels", kind: .texts, purpose: "Kernels, as \"list\" has them, or paths of source trees.")

  var all: [AssistantTool] { [list, walk, eval, check, anchors, knobs, source] }

  private var list: AssistantTool {
    AssistantTool(
      name: "list", purpose: "The walkthroughs and the kernels that are here.", parameters: []
    ) { _ in
      let folder = try places.annotations()
      let walkthroughs = try folder.names().map { name -> JSONText in
        let walkthrough = try folder.walkthrough(name)
        return .members([
          "name": .text(name), "title": .text(walkthrough.title), "follows": .text(walkthrough.track),
          "results": .texts(walkthrough.results.map(\.id)),
        ])
      }
      let kernels = try places.catalog().list().filter { $0.isPresent && $0.problem == nil }.map { entry -> JSONText in
        .members(["name": .text(entry.name), "version": .orNull(entry.kernelVersion)])
      }
      return .members(["walkthroughs": .list(walkthroughs), "kernels": .list(kernels)])
    }
  }

  private var walk: AssistantTool {
    AssistantTool(
      name: "walk",
      purpose: """
        What a kernel makes of the number: each result with its formula and whether it is proved, the chain of functions, \
        the knobs and the open ends. With "full", everything (schema walker.walk/1).
        """,
      parameters: [
        Self.walkthrough, Self.kernel,
        .init(name: "full", kind: .flag, purpose: "Every step and every rejected candidate, too: long."),
      ]
    ) { arguments in
      let walk = try await walked(arguments)
      return arguments.flag("full") ? WalkJSON.render(walk, showsSource: false) : WalkSummaryJSON.render(walk)
    }
  }

  private var eval: AssistantTool {
    AssistantTool(
      name: "eval", purpose: "What the results come to for given inputs, in each kernel (schema walker.eval/1).",
      parameters: [
        Self.walkthrough, Self.kernels,
        .init(
          name: "set", kind: .numbers,
          purpose: "Inputs by name: the followed parameter, and knobs. A knob that is not set has its default."),
      ]
    ) { arguments in
      let settings = try arguments.settings("set")
      let walks = try await WalkSource.walks(
        walkthrough: arguments.text("walkthrough"), kernels: arguments.list("kernels"), config: nil, places)
      let inputs = walks.map(NamedInputs.init)
      try NamedInputs.check(settings.map(\.name), in: inputs)
      let rows = inputs.map { Evaluation(named: $0, settings: settings, usesLiveSysctls: false).row() }
      return EvalTable(walkthrough: walks.first?.walkthrough ?? "", rows: rows).json
    }
  }

  private var check: AssistantTool {
    var kernels = Self.kernels
    kernels.isRequired = true
    return AssistantTool(
      name: "check",
      purpose:
        "Whether a walkthrough is still true of other kernels than those it was accepted for (schema walker.check/1).",
      parameters: [Self.walkthrough, kernels]
    ) { arguments in
      let checking = try Checking(
        walkthrough: arguments.text("walkthrough"), config: nil, showsSource: false, places)
      return CheckJSON.render(try await checking.check(arguments.list("kernels"), isStrict: false, jobs: 2))
    }
  }

  private var anchors: AssistantTool {
    AssistantTool(
      name: "anchors",
      purpose: "What an author of a walkthrough can anchor to in a function, as text that can be pasted.",
      parameters: [
        .init(name: "function", kind: .text, purpose: "The function's name.", isRequired: true), Self.walkthrough,
        Self.kernel,
      ]
    ) { arguments in
      let folder = try places.annotations()
      let name = try arguments.text("walkthrough") ?? WalkSource.firstName(in: folder)
      let reference = try await KernelChoice.resolve(arguments.text("kernel"), places)
      let function = arguments.text("function") ?? ""
      let request = EngineRequest(
        operation: .anchors(function: function, try folder.walkthrough(name)), kernel: reference, configuration: nil,
        cache: places.cache)
      let answer = try await Engine(path: places.engine, bounds: places.bounds)
        .ask(request, task: "the anchors of \(function) in \(reference.name)")
      guard case .anchors(let sites) = answer.response else { throw unexpectedAnswer() }
      return .members(["kernel": .text(reference.name), "anchors": .text(AnchorText.render(sites))])
    }
  }

  private var knobs: AssistantTool {
    AssistantTool(
      name: "knobs", purpose: "A sysctl's default, range, type and place in each kernel (schema walker.knobs/1).",
      parameters: [
        .init(name: "names", kind: .texts, purpose: "Names, as net.core.somaxconn.", isRequired: true), Self.kernels,
      ]
    ) { arguments in
      let names = arguments.list("names")
      guard !names.isEmpty else { throw AssistantError("names is empty: name a sysctl, as net.core.somaxconn") }
      let question = SysctlQuestion(names: names, configuration: nil, places: places)
      var (rows, gaps): ([SysctlTable.Row], [SysctlTable.Gap]) = ([], [])
      for kernel in try await KernelChoice.resolve(all: arguments.list("kernels"), places) {
        let (found, missing) = try await question.ask(kernel)
        rows += found.map { SysctlTable.Row(kernel: kernel.name, sysctl: $0) }
        gaps += missing.map { SysctlTable.Gap(kernel: kernel.name, missing: $0) }
      }
      return SysctlTable(rows: rows, gaps: gaps).json
    }
  }

  private var source: AssistantTool {
    AssistantTool(
      name: "source", purpose: "The source of a function on the way, with its line numbers. It is under GPL-2.0-only.",
      parameters: [
        .init(name: "function", kind: .text, purpose: "A function that \"walk\" lists.", isRequired: true),
        Self.walkthrough, Self.kernel,
      ]
    ) { arguments in
      let walk = try await walked(arguments)
      let name = arguments.text("function") ?? ""
      let frames = walk.frames + walk.sideFrames
      guard let frame = frames.first(where: { $0.function == name }) else {
        throw AssistantError(
          "the walk meets no function \"\(name)\": \(Spelling.hint(for: name, among: frames.map(\.function)))")
      }
      return WalkSummaryJSON.source(of: frame, in: walk)
    }
  }

  private func walked(_ arguments: AssistantArguments) async throws -> Walk {
    try await WalkSource(
      walkthrough: arguments.text("walkthrough"), kernel: arguments.text("kernel"), config: nil, places
    ).shown()
  }
}
