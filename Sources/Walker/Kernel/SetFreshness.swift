internal import FoundationEssentials
public import WalkerModel

extension Provenance {
  /// Who asked the questions that a set answers: the worker, and what the walkthroughs ask. Prose and claims ask nothing.
  public struct Maker: Codable, Sendable, Hashable {
    /// SHA-256 of the worker's executable.
    public let worker: String
    /// By name: SHA-256 of what the walkthrough follows and anchors to.
    public let walkthroughs: [String: String]

    /// Throws `UserError` when the worker's executable can't be read.
    public init(worker: String, walkthroughs: [Walkthrough]) throws {
      self.worker = try SHA256.hex(ofFile: worker)
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      var digests: [String: String] = [:]
      for walkthrough in walkthroughs {
        digests[walkthrough.name] = try SHA256.hex(of: Array(encoder.encode(walkthrough.questions)))
      }
      self.walkthroughs = digests
    }
  }
}

extension SnippetSet {
  /// Whether a set can answer what is asked of it today.
  public enum Freshness: Sendable, Hashable {
    case current
    /// Files differ from what was fetched.
    case damaged
    /// These walkthroughs ask what was not asked when the set was made, or were not there; sorted.
    case otherWalkthroughs([String])
    /// Another worker made it, which may have asked less: only a walk can tell.
    case otherWorker
  }

  /// Throws `UserError` when there is no set, or one that this walker can't read.
  public static func freshness(of folder: String, for maker: Provenance.Maker) throws -> Freshness {
    let known = try provenance(of: folder).maker
    guard try verify(folder).isEmpty else { return .damaged }
    if let known {
      let others = maker.walkthroughs.filter { known.walkthroughs[$0.key] != $0.value }.keys.sorted()
      if !others.isEmpty { return .otherWalkthroughs(others) }
    }
    return known?.worker == maker.worker ? .current : .otherWorker
  }

  /// Notes that `maker`'s walks were answered. Throws `UserError` when it can't be written.
  public static func adopt(_ folder: String, _ maker: Provenance.Maker) throws {
    var provenance = try provenance(of: folder)
    provenance.maker = maker
    try Disk.replace(folder + "/" + Provenance.fileName, with: provenance.encoded())
  }

  /// The archive that the set was made from, if it is still in the cache: to make the set again without the network.
  public static func keptArchive(of folder: String, cache: String) throws -> KernelReference? {
    let provenance = try provenance(of: folder)
    guard let archive = provenance.archive, TreePath.name(archive.name) == archive.name else { return nil }
    let path = "\(cache)/packages/\(archive.name)"
    guard Disk.isFile(path), try SHA256.hex(ofFile: path) == archive.sha256 else { return nil }
    return KernelReference(name: provenance.name, kind: .archive(path), source: provenance.source)
  }
}

extension Walkthrough {
  /// The walkthrough without what asks nothing of a kernel.
  fileprivate var questions: Walkthrough {
    let nowhere = SourceLocation(file: "", line: 0)
    return Walkthrough(
      name: name, title: "", entry: entry, track: track, waypoints: waypoints, conditions: conditions,
      assumptions: assumptions,
      results: results.map {
        ResultSpecification(id: $0.id, title: nil, subject: $0.subject, eras: [], location: nowhere)
      },
      introduction: "",
      annotations: annotations.map {
        Annotation(id: $0.id, title: "", anchor: $0.anchor, prose: "", location: nowhere)
      })
  }
}
