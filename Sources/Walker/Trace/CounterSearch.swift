internal import WalkerClang
internal import WalkerModel

/// Who counts a threshold's counter up and down: the functions that write its field, or hand its address to a function
/// that does (`atomic_inc`), and those that call them, up to the ones that stand in a source file. They are looked for in
/// the files of the functions that the walkthrough speaks of, and where the counter's record is declared.
struct CounterSearch {
  let program: Program
  let meanings: PlaceMeanings
  let files: Set<String>
  /// Calls between a function of a source file and the one that writes.
  private static let depth = 3

  /// - Parameter counters: `struct widget.taken`.
  /// - Throws: `UserError` when libcrypto can't hash.
  func find(_ counters: [String]) throws -> [CounterPrint] {
    let records = Set(counters.compactMap { $0.split(separator: ".").first.map(String.init) })
    let declared = program.parsedFiles.flatMap { parsed in
      records.compactMap { parsed.records[$0] }.map { program.location($0).file }
    }
    let wanted = files.union(declared)
    var functions: [Cursor] = []
    var seen: Set<SourceLocation> = []
    for parsed in program.parsedFiles {
      for function in parsed.allFunctions {
        let place = program.location(function)
        if wanted.contains(place.file), seen.insert(place).inserted { functions.append(function) }
      }
    }
    return try counters.flatMap { try find($0, functions) }.sorted {
      ($0.counter, $0.function, $0.location) < ($1.counter, $1.function, $1.location)
    }
  }

  private func find(_ counter: String, _ functions: [Cursor]) throws -> [CounterPrint] {
    let parts = counter.split(separator: ".").map(String.init)
    guard parts.count == 2 else { return [] }
    let (record, field) = (parts[0], parts[1])
    var prints: [CounterPrint] = []
    var inlines: Set<String> = []
    func add(_ function: Cursor, _ acts: Set<String>) {
      guard !acts.isEmpty, !prints.contains(where: { $0.function == function.spelling }) else { return }
      let place = program.location(function)
      prints.append(CounterPrint(counter: field, function: function.spelling, location: place, acts: acts.sorted()))
      if place.file.hasSuffix(".h") { inlines.insert(function.spelling) }
    }
    for function in mentioning([field], functions) {
      var acts = Set(handings(of: field, in: record, function))
      if writes(field, record, function), let walk = meanings.walk(function.spelling) {
        for event in walk.events where event.kind == .store && event.name == counter && event.node === walk.root {
          acts.formUnion(try event.values.map { "store \(try meanings.names.text($0))" })
        }
      }
      add(function, acts)
    }
    for _ in 0..<Self.depth {
      let known = Set(prints.map(\.function))
      let wanted = inlines
      inlines = []
      for function in mentioning(wanted, functions) where !known.contains(function.spelling) {
        add(function, Set(calls(in: function).filter(wanted.contains).map { "call \($0)" }))
      }
      if inlines.isEmpty { break }
    }
    let callers = callers(of: Set(prints.map(\.function)), functions)
    return prints.map {
      CounterPrint(
        counter: $0.counter, function: $0.function, location: $0.location, acts: $0.acts,
        callers: (callers[$0.function] ?? []).sorted())
    }
  }

  /// By what they call: a helper that counts is known by those that it was made from.
  private func callers(of names: Set<String>, _ functions: [Cursor]) -> [String: Set<String>] {
    var found: [String: Set<String>] = [:]
    for function in mentioning(names, functions) {
      for called in calls(in: function) where names.contains(called) && called != function.spelling {
        found[called, default: []].insert(function.spelling)
      }
    }
    return found
  }

  /// Functions in whose text one of the words stands.
  private func mentioning(_ words: Set<String>, _ functions: [Cursor]) -> [Cursor] {
    guard !words.isEmpty else { return [] }
    var lines: [String: [Int]] = [:]
    return functions.filter { function in
      let place = program.location(function)
      if lines[place.file] == nil { lines[place.file] = Self.lines(of: words, in: program.bytes(place.file)) }
      guard let found = lines[place.file], !found.isEmpty else { return false }
      let last = function.end?.line ?? place.line
      return found.contains { place.line <= $0 && $0 <= last }
    }
  }

  private static func lines(of words: Set<String>, in bytes: [UInt8]) -> [Int] {
    var found: [Int] = []
    for (position, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      let parts = line.split { !($0 == 95 || $0 >= 48 && $0 <= 57 || $0 | 32 >= 97 && $0 | 32 <= 122) }
      if parts.contains(where: { words.contains(String(decoding: $0, as: UTF8.self)) }) { found.append(position + 1) }
    }
    return found
  }

  private func writes(_ field: String, _ record: String, _ function: Cursor) -> Bool {
    FunctionTraits(function).storedFields.contains(field) && names(field, record, function)
  }

  private func names(_ field: String, _ record: String, _ cursor: Cursor) -> Bool {
    isCounter(cursor, field, record) || cursor.children.contains { names(field, record, $0) }
  }

  private func isCounter(_ cursor: Cursor, _ field: String, _ record: String) -> Bool {
    guard cursor.kind == .memberAccess, cursor.spelling == field, let base = cursor.children.first?.type else {
      return false
    }
    return (base.isPointer ? base.pointee : base).recordName == record
  }

  /// `call atomic_add 1`: calls that are given the counter's address, with the numbers that they are given.
  private func handings(of field: String, in record: String, _ cursor: Cursor) -> [String] {
    var found = cursor.children.flatMap { handings(of: field, in: record, $0) }
    guard cursor.kind == .call, let name = cursor.referenced?.spelling, !name.hasPrefix("__builtin") else {
      return found
    }
    if cursor.arguments.contains(where: { isAddress($0, field, record) }) {
      let numbers = cursor.arguments.compactMap { $0.type.isPointer ? nil : $0.evaluatedInteger() }
      if !Self.reads(name) { found.append((["call \(name)"] + numbers.map(String.init)).joined(separator: " ")) }
    }
    return found
  }

  private static func reads(_ name: String) -> Bool { name.hasSuffix("_read") || name.hasSuffix("_read_acquire") }

  private func isAddress(_ cursor: Cursor, _ field: String, _ record: String) -> Bool {
    if cursor.kind == .unaryOperator, cursor.unaryOperator == .addressOf {
      return cursor.children.first.map { isCounter($0, field, record) } ?? false
    }
    guard [.unexposedExpression, .parenthesized, .cast].contains(cursor.kind) else { return false }
    return cursor.children.last.map { isAddress($0, field, record) } ?? false
  }

  private func calls(in cursor: Cursor) -> [String] {
    (cursor.kind == .call ? [cursor.referenced?.spelling].compactMap(\.self) : []) + cursor.children.flatMap(calls)
  }
}
