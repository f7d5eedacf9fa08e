internal import ArgumentParser
internal import FoundationEssentials
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel

/// What a shell offers for an argument. Nobody reads a message there: what can't be found is no offer.
extension CompletionKind {
  static var walkthroughs: CompletionKind {
    // To complete nothing is all that a completion can say to an error.
    .custom { words, _, _ in (try? Places(PlaceArguments(from: words)).annotations().names()) ?? [] }
  }

  /// Those that are here by name, and whatever else the shell finds.
  static var kernels: CompletionKind {
    .custom { words, _, _ in
      // As above.
      let places = try? Places(PlaceArguments(from: words))
      // As above.
      let catalog = places.flatMap { try? $0.catalog().list() } ?? []
      return catalog.filter(\.isPresent).map(\.name) + (places?.project.kernels ?? [])
    }
  }

  /// `room=`, for the followed value and what the walkthrough says of knobs.
  static var inputs: CompletionKind {
    .custom { words, _, _ in
      guard let walkthrough = walkthrough(words) else { return [] }
      let names = [walkthrough.track] + (walkthrough.probes?.sweep.map(\.name) ?? [])
      var seen: Set<String> = []
      return names.filter { seen.insert($0).inserted }.map { $0 + "=" }
    }
  }

  static var annotations: CompletionKind {
    .custom { words, _, _ in walkthrough(words)?.annotations.map(\.id) ?? [] }
  }

  /// The walkthrough that the command line names, else the first one.
  private static func walkthrough(_ words: [String]) -> Walkthrough? {
    // As above.
    guard let folder = try? Places(PlaceArguments(from: words)).annotations(), let names = try? folder.names() else {
      return nil
    }
    let name = words.first { names.contains($0) } ?? names.first
    // As above.
    return name.flatMap { try? folder.walkthrough($0) }
  }
}

extension PlaceArguments {
  /// What a command line that is not parsed yet says of places.
  init(from words: [String]) {
    self.init()
    func value(_ option: String) -> String? {
      guard let index = words.lastIndex(of: option), index + 1 < words.count else { return nil }
      return words[index + 1]
    }
    annotations = value("--annotations")
    snippets = value("--snippets")
    cache = nil
    noCache = false
    timeout = nil
    memory = Bounds.usualMemory
  }
}
