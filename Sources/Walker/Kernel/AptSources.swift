internal import WalkerModel

/// One entry of apt's `sources.list` or of a `.sources` file: an archive, as the machine is configured to reach it.
struct AptSource: Sendable, Equatable {
  var addresses: [String]
  var suites: [String]
  var components: [String]
  /// A keyring's path, or the key itself; nil for apt's own trusted keys.
  var signedBy: String?

  /// As a paragraph of a `.sources` file that fetches only package lists. Nothing that would relax apt's signature check
  /// is carried over.
  var paragraph: String {
    var lines = [
      "Types: deb", "URIs: " + addresses.joined(separator: " "), "Suites: " + suites.joined(separator: " "),
      "Components: " + components.joined(separator: " "), "Targets: Packages",
    ]
    if let signedBy {
      lines.append("Signed-By: " + signedBy.split(separator: "\n").joined(separator: "\n "))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The `deb` entries of a deb822 file that are enabled.
  static func parse(deb822 text: String) -> [AptSource] {
    ControlText.paragraphs(text).compactMap { fields in
      guard (fields["types"] ?? "").words.contains("deb"), !isNo(fields["enabled"]) else { return nil }
      return AptSource(
        addresses: (fields["uris"] ?? "").words, suites: (fields["suites"] ?? "").words,
        components: (fields["components"] ?? "").words, signedBy: fields["signed-by"])
    }
  }

  /// The `deb` lines of a `sources.list`: `deb [signed-by=PATH] ADDRESS SUITE COMPONENT…`.
  static func parse(list text: String) -> [AptSource] {
    text.split(separator: "\n").compactMap { line in
      var words = line.prefix { $0 != "#" }.trimmed.words
      guard words.first == "deb" else { return nil }
      words.removeFirst()
      var signedBy: String?
      if let first = words.first, first.hasPrefix("["), let end = words.firstIndex(where: { $0.hasSuffix("]") }) {
        for option in words[...end] {
          let plain = option.filter { $0 != "[" && $0 != "]" }
          if plain.hasPrefix("signed-by=") { signedBy = String(plain.dropFirst("signed-by=".count)) }
        }
        words.removeSubrange(...end)
      }
      guard words.count >= 3 else { return nil }
      return AptSource(addresses: [words[0]], suites: [words[1]], components: Array(words[2...]), signedBy: signedBy)
    }
  }

  private static func isNo(_ text: String?) -> Bool {
    ["no", "false", "without", "off", "disable", "0"].contains((text ?? "yes").lowercased())
  }
}

/// The machine's own archives, and the entries that reach another suite of them.
struct AptConfiguration: Sendable {
  let sources: [AptSource]
  /// Of the machine's release: `bookworm`.
  let codename: String

  init(sources: [AptSource], codename: String) {
    self.sources = sources
    self.codename = codename
  }

  /// Reads `sources.list`, a folder of `.list` and `.sources` files, and the release from `os-release`.
  init(list: String, parts: String, release: String) throws {
    var sources: [AptSource] = []
    if let bytes = try Disk.read(list) { sources += AptSource.parse(list: String(decoding: bytes, as: UTF8.self)) }
    for name in Disk.isFolder(parts) ? try Disk.names(in: parts) : [] {
      guard let bytes = try Disk.read(parts + "/" + name) else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      if name.hasSuffix(".list") { sources += AptSource.parse(list: text) }
      if name.hasSuffix(".sources") { sources += AptSource.parse(deb822: text) }
    }
    let text = String(decoding: try Disk.read(release) ?? [], as: UTF8.self)
    let codename = text.split(separator: "\n").first { $0.hasPrefix("VERSION_CODENAME=") }?
      .dropFirst("VERSION_CODENAME=".count).filter { $0 != "\"" }
    self.init(sources: sources, codename: codename.map { String($0) } ?? "")
  }

  /// A generated entry. An optional one may be absent from the mirror.
  struct Wanted: Equatable {
    var source: AptSource
    var isOptional: Bool
  }

  /// The entries for a suite (nil: the machine's own), the archive first, then its updates and security archive.
  ///
  /// The machine's archive is the entry with component `main` and the machine's release, so that third parties' entries
  /// are not asked. Throws `UserError` when there is none.
  func entries(for suite: String?) throws -> [Wanted] {
    let wanted = suite ?? codename
    let names = [codename, "stable", "testing", "unstable", "sid", "oldstable"].filter { !$0.isEmpty }
    let own = sources.filter { $0.components.contains("main") }
    guard let name = names.first(where: { name in own.contains { $0.suites.contains(name) } }) else {
      throw UserError(
        "apt has no archive configured for \(codename.isEmpty ? "this machine" : codename): add one to its sources, or give a kernel as a file"
      )
    }
    var entries: [Wanted] = []
    for source in own where source.suites.contains(name) {
      entries.append(Wanted(source: source.replacing(wanted), isOptional: false))
      let updates = name + "-updates"
      if own.contains(where: { $0.suites.contains(updates) }) {
        entries.append(Wanted(source: source.replacing(wanted + "-updates"), isOptional: true))
      }
    }
    for source in own {
      if source.suites.contains(name + "-security") {
        entries.append(Wanted(source: source.replacing(wanted + "-security"), isOptional: true))
      } else if source.suites.contains(name + "/updates") {
        entries.append(Wanted(source: source.replacing(wanted + "/updates"), isOptional: true))
      }
    }
    return entries
  }
}

extension AptSource {
  fileprivate func replacing(_ suite: String) -> AptSource {
    var changed = self
    changed.suites = [suite]
    return changed
  }
}
