internal import WalkerModel

/// The identifiers of a tree's C files: which files mention one, and how.
final class IdentifierIndex: Sendable {
  let manifest: TreeManifest
  let segments: [IndexSegment]

  init(_ manifest: TreeManifest, _ segments: [IndexSegment]) { (self.manifest, self.segments) = (manifest, segments) }

  /// nil when the manifest names a segment that is not there.
  convenience init?(_ manifest: TreeManifest, segments: [String: IndexSegment]) {
    let found = manifest.segments.compactMap { segments[$0] }
    guard found.count == manifest.segments.count else { return nil }
    self.init(manifest, found)
  }

  /// Of a manifest that was just encoded.
  convenience init(made manifest: [UInt8], _ segments: [IndexSegment]) throws {
    guard let manifest = try TreeManifest(manifest) else {
      throw UserError("the index of a tree could not be made: run the command again")
    }
    self.init(manifest, segments)
  }

  /// The files that mention the word in code, in one of these ways; unsorted. Of what is no identifier all files.
  func files(mentioning word: String, _ kinds: MentionKinds = []) throws -> [Int] {
    guard let hash = IdentifierScan.hash(word) else { return Array(0..<manifest.count) }
    var files: [Int] = []
    for (number, segment) in segments.enumerated() {
      var documents: [Int] = []
      try segment.forEach(hash) { document, found in
        if kinds.isEmpty || !found.isDisjoint(with: kinds) { documents.append(document) }
      }
      for document in documents {
        manifest.forEach(at: TreeManifest.Place(segment: number, document: document)) { files.append($0) }
      }
    }
    return files
  }

  /// The files that can hold a hit, with this value if one is given.
  func files(for query: IndexQuery, naming value: String? = nil) throws -> [String] {
    var files = try files(mentioning: query.word, query.kind)
    if let value {
      let naming = Set(try self.files(mentioning: value))
      files = files.filter { naming.contains($0) || continuesLiterals($0) }
    }
    return files.map(manifest.path).filter { TreeScope.covers($0, query) }
  }

  /// In such a file the search for a value sees more as code than the index does.
  private func continuesLiterals(_ file: Int) -> Bool {
    let place = manifest.place(file)
    return segments[place.segment].head.continuesLiterals(place.document)
  }
}
