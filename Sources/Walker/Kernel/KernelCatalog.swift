internal import FoundationEssentials
internal import WalkerModel

/// `kernel-snippets/`: which kernels walker knows by name, and which of them are here.
public struct KernelCatalog: Sendable {
  /// A kernel of `catalog.json`: where it comes from, and what it is good for.
  public struct Known: Codable, Sendable, Hashable {
    public let name: String
    /// As `--kernel` takes it, without a suite: `apt:linux-source-6.12`.
    public let source: String
    /// The suite that has it, when the machine's own release is another.
    public let suite: String?
    public let walkthroughs: [String]

    /// As `--kernel` takes it on a machine with this release.
    public func source(onRelease codename: String) -> String {
      guard let suite, suite != codename else { return source }
      return source + "@" + suite
    }
  }

  public struct Entry: Sendable, Hashable {
    public let name: String
    /// Where the set came from, or would come from.
    public let source: String
    public let isPresent: Bool
    /// Of a set that is present.
    public let kernelVersion: String?
    public let walkthroughs: [String]
    public let files: Int
    /// Why a set that is there can't be used; else nil.
    public let problem: String?
  }

  private struct File: Codable { let format: Int; let browser: String?; let kernels: [Known] }

  /// Where sets are written.
  public let folder: String
  /// Where sets are looked for, in this order; of two with one name the first counts.
  public let folders: [String]
  public let known: [Known]
  /// The link template of a public source browser.
  public let browser: String?

  /// `folder` is `kernel-snippets`. The first `catalog.json` counts; without one no kernel is known by name.
  /// - Parameter others: all the folders to look into, in their order; without them, `folder` alone.
  /// - Throws: `UserError` when that file is damaged.
  public init(folder: String, others: [String] = []) throws {
    self.folder = folder
    folders = others.contains(folder) ? others : [folder] + others
    let catalogs = folders.map { $0 + "/catalog.json" }
    let path = catalogs.first(where: Disk.isFile) ?? folder + "/catalog.json"
    guard let bytes = try Disk.read(path) else {
      known = []
      browser = nil
      return
    }
    do {
      let file = try JSONDecoder().decode(File.self, from: Data(bytes))
      known = file.kernels
      browser = file.browser
    } catch {
      throw UserError("\(path) is not a catalog (see kernel-snippets/README.md): restore it")
    }
    for kernel in known { try Self.check(name: kernel.name) }
  }

  /// Known kernels and the sets that are here, oldest version first.
  public func list() throws -> [Entry] {
    let present = try folders.filter(Disk.isFolder).flatMap { try Disk.names(in: $0).filter(isPresent) }
    let names = Set(present).union(known.map(\.name))
    return names.sorted { KernelVersion.isOlder($0, than: $1) || (!KernelVersion.isOlder($1, than: $0) && $0 < $1) }
      .map(entry)
  }

  private func entry(_ name: String) -> Entry {
    let plan = known.first { $0.name == name }
    do {
      guard isPresent(name) else {
        return Entry(
          name: name, source: plan?.source(onRelease: Self.release) ?? "", isPresent: false, kernelVersion: nil,
          walkthroughs: plan?.walkthroughs ?? [], files: 0, problem: nil)
      }
      let set = try SnippetSet.provenance(of: path(of: name))
      return Entry(
        name: name, source: set.source, isPresent: true, kernelVersion: set.kernelVersion,
        walkthroughs: set.walkthroughs, files: set.files.count, problem: nil)
    } catch {
      return Entry(
        name: name, source: plan?.source ?? "", isPresent: true, kernelVersion: nil, walkthroughs: [], files: 0,
        problem: (error as? UserError)?.message ?? "\(error)")
    }
  }

  /// The set's folder, there or not.
  public func path(of name: String) -> String {
    (folders.first { Disk.isFile("\($0)/\(name)/\(Provenance.fileName)") } ?? folder) + "/" + name
  }

  public func isPresent(_ name: String) -> Bool {
    Self.isName(name) && Disk.isFile(path(of: name) + "/" + Provenance.fileName)
  }

  /// Throws `UserError` when there is no such set.
  public func remove(_ name: String) throws {
    guard isPresent(name) else { throw missing(name) }
    guard path(of: name) == folder + "/" + name else {
      throw UserError(
        "the set \(name) is \(path(of: name)), which is not yours to remove here: name its folder with --snippets")
    }
    // Renamed first, so that a killed run leaves no half of a set under its name.
    let doomed = try Disk.makeTemporaryFolder(for: path(of: name))
    try Disk.rename(path(of: name), to: doomed + "/set")
    try Disk.remove(doomed)
  }

  /// The differences of one set, or of all, from what was fetched; by name. Throws `UserError` when there is no such set, or
  /// none at all: a check that looked at nothing is no success.
  public func verify(_ name: String? = nil) throws -> [(name: String, problems: [SnippetProblem])] {
    let names = try name.map { [$0] } ?? list().filter(\.isPresent).map(\.name)
    guard !names.isEmpty else { throw UserError("there is no snippet set to verify: run `walker kernels add NAME`") }
    return try names.map { name in
      guard isPresent(name) else { throw missing(name) }
      return (name, try SnippetSet.verify(path(of: name)))
    }
  }

  /// Throws `UserError` when a set can't have this name.
  public static func check(name: String) throws {
    guard isName(name) else {
      throw UserError(
        "\(name) can't be a snippet set's name: use letters, digits, `.`, `-`, `_` and `+`",
        exitStatus: ExitStatus.usage)
    }
  }

  static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count < 100 && name.first != "." && name.first != "-"
      && name.utf8.allSatisfy { CText.isWord($0) || ".-+".utf8.contains($0) }
  }

  func missing(_ name: String) -> UserError {
    // A hint of a message that is an error already.
    let present = ((try? list()) ?? []).filter(\.isPresent).map(\.name)
    return UserError(
      "there is no snippet set \(name) in \(folder): \(present.isEmpty ? "none is there yet, so run `walker kernels add`" : "there are \(present.joined(separator: ", "))")"
    )
  }

  /// The machine's release: `bookworm`; empty when it does not say.
  // A machine that says nothing of itself has no entry of the catalog to itself: the general source is taken.
  static var release: String { (try? AptConfiguration(list: "", parts: "", release: "/etc/os-release").codename) ?? "" }
}
