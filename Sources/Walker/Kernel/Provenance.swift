internal import FoundationEssentials

/// `PROVENANCE.json`: where a snippet set's files come from, what each of them must be, and the answers that the walks
/// asked of the whole tree, which the set itself can no longer give.
public struct Provenance: Codable, Sendable {
  /// Raised when a set written by an older walker can't be used.
  public static let currentFormat = 1
  public static let fileName = "PROVENANCE.json"

  public struct Package: Codable, Sendable, Hashable {
    public let name: String
    public let version: String
  }

  public struct Archive: Codable, Sendable, Hashable {
    public let name: String
    public let sha256: String
  }

  public struct File: Codable, Sendable, Hashable {
    public let path: String
    public let size: Int
    public let sha256: String
  }

  public let format: Int
  public let name: String
  /// As the kernel was asked for: `apt:linux-source-6.12`.
  public let source: String
  /// From the tree's Makefile.
  public let kernelVersion: String
  public let package: Package?
  public let archive: Archive?
  /// The commit, when the tree came from a git clone.
  public let commit: String?
  /// SPDX: of the kernel text in this folder, not of walker.
  public let licence: String
  public let walkthroughs: [String]
  /// Sorted by path.
  public let files: [File]
  let index: [RecordedAnswer]
  /// nil in the sets of older walkers.
  public internal(set) var maker: Maker?

  func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try Array(encoder.encode(self)) + [0x0a]
  }
}
