internal import FoundationEssentials
internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// What was asked of files' parses and is a function of these alone, kept beside the index: the next walk that asks the same
/// of the same text parses nothing.
final class KeptFacts {
  private let kept: KeptParses
  private var files: [String: File] = [:]
  private var unknown: Set<String> = []

  init(kept: KeptParses) { self.kept = kept }

  private final class File {
    let opened: [String]
    let unfound: [String]
    /// Values by what was asked, both as JSON.
    var values: [String: Substring] = [:]
    var isNew = false

    init(opened: [String], unfound: [String]) { (self.opened, self.unfound) = (opened, unfound) }

    /// Nil when the text is not one of ours.
    convenience init?(_ text: String) {
      var lines = text.utf8.split(separator: UInt8(ascii: "\n"))[...]
      guard let head = lines.popFirst(), let known = try? JSONDecoder().decode(Head.self, from: Data(head)) else {
        return nil
      }
      self.init(opened: known.opened, unfound: known.unfound)
      for line in lines {
        guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
        values[String(Substring(line[..<tab]))] = Substring(line[line.index(after: tab)...])
      }
    }
  }

  private struct Head: Codable {
    let opened: [String]
    let unfound: [String]
  }

  /// - Parameters:
  ///   - bodies: the answer needs what stands within functions.
  ///   - parse: makes the unit where nothing is known.
  ///   - read: what the unit says; it may ask nothing else, but the text of files that the unit opened.
  /// - Throws: what `parse` and `read` throw; `UserError` when the tree can't be read.
  func value<Value: Codable>(
    _ question: some Encodable, of path: String, bodies: Bool, _ program: Program, parse: () throws -> ParsedFile,
    read: (ParsedFile) throws -> Value
  ) throws -> Value {
    let (kind, key) = (bodies ? Self.whole : Self.declarations, try Self.text(question))
    if let file = try file(path, kind), let line = file.values[key],
      // Verified by its checksum, and written by this engine.
      let value = try JSONDecoder().decode([Value].self, from: Data("[\(line)]".utf8)).first
    {
      program.visit(path, apart: bodies, opened: file.opened, unfound: file.unfound)
      return value
    }
    let parsed = try parse()
    let file =
      files[kind + path]
      ?? File(
        opened: parsed.unit.includedFiles.compactMap(program.relative), unfound: parsed.unit.unfoundHeaders)
    files[kind + path] = file
    let value = try read(parsed)
    file.values[key] = try Self.text(value)[...]
    file.isNew = true
    return value
  }

  /// Keeps what was read. A file that can't be read again is not kept: the walk has said so, or did not need it.
  func keep() {
    for (name, file) in files.sorted(by: { $0.key < $1.key }) where file.isNew {
      guard let head = try? Self.text(Head(opened: file.opened, unfound: file.unfound)) else { continue }
      let lines = file.values.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value)" }
      let kind = name.hasPrefix(Self.whole) ? Self.whole : Self.declarations
      try? kept.keep(
        ([head] + lines).joined(separator: "\n") + "\n", of: String(name.dropFirst(kind.count)), kind: kind,
        opened: file.opened, unfound: file.unfound)
      file.isNew = false
    }
  }

  private static let whole = "whole:"
  private static let declarations = "declarations:"

  private func file(_ path: String, _ kind: String) throws -> File? {
    if let known = files[kind + path] { return known }
    guard unknown.insert(kind + path).inserted, let text = try kept.text(of: path, kind: kind), let file = File(text)
    else { return nil }
    files[kind + path] = file
    return file
  }

  private static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode([value]).dropFirst().dropLast(), as: UTF8.self)
  }
}

extension Program {
  /// What a file's parse says, or said when it was asked before. A file of the walk itself is at hand anyway.
  ///
  /// - Throws: `UnreadableFile` as `readable` does, and what `read` throws.
  func fact<Value: Codable>(
    _ question: some Encodable, of path: String, bodies: Bool, read: (ParsedFile) throws -> Value
  ) throws -> Value {
    func parse() throws -> ParsedFile { try readable(path, bodies ? unitApart : declarations) }
    guard let facts, walkedFile(path) == nil, bodies || joint?.file(path) == nil else { return try read(parse()) }
    return try facts.value(question, of: path, bodies: bodies, self, parse: parse, read: read)
  }
}
