internal import WalkerKernel
internal import WalkerModel

/// Follows calls from one function: first all of them; where that is too much to read, those that hand on what the first
/// function was given, or what it leads to. (That what is handed nothing can't reach it is what `modular-calls` says.)
struct ClosureSearch {
  let finder: FunctionFinder
  let tables: TableCandidates
  let isTrusted: (String) -> Bool

  /// Functions of one closure, and declarations to read for it.
  static let functionLimit = 300
  static let wholeCost = 40_000
  static let handedFunctionLimit = 600
  static let handedCost = 250_000
  /// Of a whole walk.
  static let allCost = 400_000

  private struct Edge {
    let site: CallSite
    let targets: [FunctionReference]
  }

  func closure(of start: FunctionReference) -> Closure {
    let whole = run(start, handedOnly: false)
    guard whole.open.contains(where: { $0.kind == .budget }) else { return whole }
    return run(start, handedOnly: true)
  }

  private func run(_ start: FunctionReference, handedOnly: Bool) -> Closure {
    var closure = Closure(isHandedOnly: handedOnly)
    var frontier = [start]
    var queued: Set<FunctionReference> = [start]
    var seen: Set<String> = []
    var edges: [String: [Edge]] = [:]
    let (functions, cost) =
      handedOnly
      ? (Self.handedFunctionLimit, min(finder.cost + Self.handedCost, Self.allCost))
      : (Self.functionLimit, min(finder.cost + Self.wholeCost, Self.allCost))
    while !frontier.isEmpty {
      // What stands in a file that is at hand first, so that each file is read once.
      let next = frontier.firstIndex(where: finder.isNear)
      guard closure.functions.count <= functions, next != nil || finder.cost <= cost else {
        closure.open.append(
          Gap(
            kind: .budget, subject: "\(start.name)()", location: SourceLocation(file: "", line: 0),
            why: "leads to more than \(closure.functions.count) functions, which is more than is read for one call"))
        break
      }
      let reference = frontier.remove(at: next ?? 0)
      for key in found(reference, &closure) where seen.insert(key).inserted {
        closure.functions.append(key)
        guard let summary = finder.summaries[key] else { continue }
        for (why, location) in summary.unreadable.sorted(by: { $0.key < $1.key }) {
          closure.open.append(Gap(kind: .unreadable, subject: "\(summary.name)()", location: location, why: why))
        }
        for site in summary.calls.sorted(by: { ($0.location, "\($0.callee)") < ($1.location, "\($1.callee)") }) {
          if handedOnly, !site.hands { continue }
          let targets = targets(of: site, in: summary, &closure)
          edges[key, default: []].append(Edge(site: site, targets: targets))
          var all = targets
          // A function that is handed on may be called with anything.
          for argument in site.arguments {
            for case .function(let name) in argument
            where !finder.program.writesNothing(name, from: nil) && !isTrusted(name) {
              let callback = FunctionReference(name: name, file: summary.file)
              all.append(callback)
              edges[key, default: []].append(
                Edge(
                  site: CallSite(callee: .function(name), arguments: [], location: site.location), targets: [callback]))
            }
          }
          for target in all where queued.insert(target).inserted { frontier.append(target) }
        }
      }
    }
    close(&closure, edges, start)
    return closure
  }

  private func found(_ reference: FunctionReference, _ closure: inout Closure) -> [String] {
    do {
      let keys = try finder.find(reference)
      if keys.isEmpty {
        closure.open.append(
          Gap(
            kind: .call, subject: "\(reference.name)()", location: SourceLocation(file: "", line: 0),
            why: "has no definition that was found"))
      }
      return keys
    } catch {
      closure.open.append(
        Gap(
          kind: .unreadable, subject: "\(reference.name)()", location: SourceLocation(file: "", line: 0),
          why: "could not be looked up: \(error)"))
      return []
    }
  }

  private func targets(
    of site: CallSite, in summary: FunctionSummary, _ closure: inout Closure
  ) -> [FunctionReference] {
    func open(_ subject: String, _ why: String) {
      closure.open.append(Gap(kind: .call, subject: subject, location: site.location, why: why))
    }
    let unknownFunction = "is called, and which function it is is not known"
    switch site.callee {
    case .function(let name):
      return isTrusted(name) ? [] : [FunctionReference(name: name, file: summary.file)]
    case .field(let record, let field):
      if isTrusted("\(record).\(field)") || isTrusted(field) { return [] }
      guard let found = tables.functions(record: record, field: field) else {
        open("\(record).\(field)", unknownFunction)
        return []
      }
      return found.map { FunctionReference(name: $0.name, file: $0.file) }
    case .table(let name):
      do {
        guard let found = try tables.functions(table: name, in: summary.file) else {
          open(name, unknownFunction)
          return []
        }
        return found.map { FunctionReference(name: $0, file: summary.file) }
      } catch {
        open(name, "could not be looked up: \(error)")
        return []
      }
    // What callers hand over is followed where they do.
    case .parameter: return []
    case .unknown(let text):
      open(text, unknownFunction)
      return []
    }
  }

  // MARK: what is written, as the first function's caller sees it

  private func close(_ closure: inout Closure, _ edges: [String: [Edge]], _ start: FunctionReference) {
    func keys(_ edge: Edge) -> [String] { edge.targets.flatMap { finder.known($0) ?? [] } }
    var all: [String: [ModifiedPath: Closure.Write]] = [:]
    var called: [String: Set<Int>] = [:]
    for key in closure.functions {
      guard let summary = finder.summaries[key] else { continue }
      all[key] = summary.writes.mapValues { Closure.Write(function: summary.name, location: $0) }
      for site in summary.calls {
        if case .parameter(let position) = site.callee { called[key, default: []].insert(position) }
      }
    }
    var isStable = false
    while !isStable {
      isStable = true
      for key in closure.functions.reversed() {
        var own = all[key] ?? [:]
        var parameters = called[key] ?? []
        let before = own.count + parameters.count
        for edge in edges[key] ?? [] {
          for target in keys(edge) {
            for (path, write) in all[target] ?? [:] {
              for seen in Self.seen(path, through: edge.site) where own[seen] == nil { own[seen] = write }
            }
            for position in called[target] ?? [] where edge.site.arguments.indices.contains(position) {
              for case .parameter(let outer, _) in edge.site.arguments[position] { parameters.insert(outer) }
            }
          }
        }
        if own.count + parameters.count != before {
          isStable = false
          (all[key], called[key]) = (own, parameters)
        }
      }
    }
    for key in closure.functions {
      for edge in edges[key] ?? [] {
        for position in Set(keys(edge).flatMap { called[$0] ?? [] }).sorted()
        where edge.site.arguments.indices.contains(position)
          && edge.site.arguments[position].contains(where: Self.isUnknownFunction)
        {
          closure.open.append(
            Gap(
              kind: .call, subject: "\(finder.summaries[key]?.name ?? key)()", location: edge.site.location,
              why: "hands on a function pointer, and which function it is is not known"))
        }
      }
    }
    for key in finder.known(start) ?? [] {
      closure.writes.merge(all[key] ?? [:]) { first, _ in first }
      closure.calledParameters.formUnion(called[key] ?? [])
    }
  }

  private static func isUnknownFunction(_ origin: PointerOrigin) -> Bool {
    switch origin {
    case .function, .own, .parameter: false
    default: true
    }
  }

  /// A callee's write as its caller sees it.
  private static func seen(_ path: ModifiedPath, through site: CallSite) -> [ModifiedPath] {
    func moved(_ base: ModifiedPath.Base, _ steps: [PathStep]) -> ModifiedPath {
      ModifiedPath(
        base: base, steps: Array((steps + path.steps).suffix(6)), record: path.record, bits: path.bits,
        pointerType: path.pointerType)
    }
    switch path.base {
    case .global, .elsewhere: return [path]
    case .derived: return [site.hands || site.arguments.isEmpty ? path : moved(.elsewhere, [])]
    case .parameter(let position):
      // More was handed over than is known: a variable argument, a callback.
      guard site.arguments.indices.contains(position) else { return [moved(.derived, [])] }
      return site.arguments[position].compactMap { origin in
        switch origin {
        case .own, .ownMemory, .function: nil
        case .parameter(let outer, let steps): moved(.parameter(outer), steps)
        case .global(let name, let steps): moved(.global(name), steps)
        case .inside(let steps, let derived): moved(derived ? .derived : .elsewhere, steps)
        case .loaded(let derived): moved(derived ? .derived : .elsewhere, [])
        case .field, .table: moved(.elsewhere, [])
        }
      }
    }
  }
}
