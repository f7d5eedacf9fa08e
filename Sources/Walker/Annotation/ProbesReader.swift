internal import WalkerModel

/// Reads the `probes:` of a walkthrough's front matter.
///
///     probes:
///       input: listen
///       sweep:
///         backlog: [-1, 0, 5]
///         net.core.somaxconn: [0, 16]
///       results:
///         queue-limit: {read: "tcp-info:tcpi_sacked", witness: "sock-diag:idiag_wqueue"}
///         queue-capacity: {read: connections, with: {net.ipv4.tcp_syncookies: 1}}
///         slots: {read: "fcntl:F_GETPIPE_SZ", unit: 4096, untouched: 16}
func readProbes(_ node: StrictNode, results: [ResultSpecification]) throws -> Probes {
  let keys = try node.mapping(["input", "privileged", "sweep", "results"])
  let known = results.map(\.id)
  let sweep = try keys["sweep"]?.pairs().map { key, name, values in
    if ProbeWords.caller.wire(name) == nil { try checkInputName(name, key) }
    return Probes.Axis(name: name, numbers: try values.list().map { try $0.number() })
  }
  let probes = try keys.required("results", in: node, example: "{limit: {read: \"tcp-info:tcpi_sacked\"}}").pairs().map
  {
    key, id, value in
    guard known.contains(id) else {
      throw key.error("there is no result \"\(id)\" to probe: \(Spelling.hint(for: id, among: known))")
    }
    return try readResultProbe(value, id)
  }
  guard !probes.isEmpty else { throw node.error("the probes read no result: name at least one under \"results\"") }
  var read = Probes(
    input: try keys.required("input", in: node, example: "listen").probe(ProbeWords.inputs, Probes.InputKind.init),
    sweep: sweep ?? [],
    results: probes)
  read.isUnprivileged = try keys["privileged"].map { try !$0.flag() } ?? false
  return read
}

private func readResultProbe(_ node: StrictNode, _ id: String) throws -> Probes.ResultProbe {
  let keys = try node.mapping(["read", "witness", "with", "given", "unit", "times", "untouched"])
  let unit = try keys["unit"]?.number() ?? 1
  guard unit > 0 else { throw node.error("the unit of \"\(id)\" is \(unit): give a number above 0") }
  return Probes.ResultProbe(
    result: id,
    reader: try keys.required("read", in: node, example: "tcp-info:tcpi_sacked")
      .probe(ProbeWords.readers, Probes.ReaderKind.init),
    witness: try keys["witness"]?.probe(ProbeWords.readers, Probes.ReaderKind.init),
    with: try keys["with"]?.pairs().map { key, name, value in
      if ProbeWords.caller.wire(name) == nil { try checkInputName(name, key) }
      return Probes.Setting(name: name, number: try value.number())
    } ?? [],
    unit: unit, untouched: try keys["untouched"]?.number(),
    given: try keys["given"]?.pairs().map { Probes.Given(name: $0.name, quantity: try $0.value.quantity()) } ?? [],
    times: try keys["times"]?.quantity() ?? .number(1))
}

/// A name becomes a word of a question, and a path below /proc/sys.
func checkInputName(_ name: String, _ node: StrictNode) throws {
  // `net.ipv4.tcp_rmem[2]`: one element.
  var path = name[...]
  if path.last == "]", let open = path.lastIndex(of: "["), Int(path[path.index(after: open)...].dropLast()) != nil {
    path = path[..<open]
  }
  let isName = path.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }
  guard isName, !path.isEmpty, !name.contains(".."), !name.hasPrefix(".") else {
    let hint = ProbeWords.caller.hint(for: name).map { ": \($0)" }
    throw node.error(
      "\"\(name)\" is no input\(hint ?? ": write the followed parameter's name, or a sysctl's, as in net.core.somaxconn")"
    )
  }
}

extension StrictNode {
  /// A whole number, in decimal or with `0x`.
  func number() throws -> Int128 {
    let text = try text()
    let isHexadecimal = text.lowercased().hasPrefix("0x")
    guard let number = isHexadecimal ? Int128(text.dropFirst(2), radix: 16) : Int128(text),
      (Int128(Int64.min)...Int128(UInt64.max)).contains(number)
    else { throw error("\(what) must be a whole number of at most 64 bits, not \"\(text)\"") }
    return number
  }

  /// A number, or what stands for one: `65536`, `somaxconn`, `rlimit:RLIMIT_NICE`, `HZ`.
  fileprivate func quantity() throws -> Probes.Quantity {
    let text = try text()
    guard let first = text.utf8.first else { throw error("\(what) must be a number, or the name of one") }
    let isNumber = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) || first == UInt8(ascii: "-")
    return isNumber ? .number(try number()) : .name(text)
  }

  /// A probe of one of the forms that there are.
  fileprivate func probe<Kind>(_ words: ProbeWords, _ make: (String) -> Kind?) throws -> Kind {
    let text = try text()
    guard let kind = make(text) else {
      throw error(
        "walker has no probe \"\(text)\": \(words.hint(for: text) ?? "there are \(words.forms.joined(separator: ", "))")"
      )
    }
    return kind
  }
}
