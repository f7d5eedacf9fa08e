internal import ArgumentParser
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel

struct PlacesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "places", abstract: "Show where walkthroughs and kernels are looked for, in order, and what is there.",
    discussion: """
      Of two with one name the first one counts. What is new goes to the place that is marked so. --annotations and \
      --snippets name one folder instead of all of these.
      """)

  @OptionGroup var places: PlaceArguments

  func run() async throws {
    let places = try Places(places)
    var lines = ["walkthroughs"]
    lines += try list(places.walkthroughs) { try AnnotationsFolder.names(in: $0) }
    lines.append("kernels")
    lines += try list(places.kernels) { folder in
      try KernelCatalog(folder: folder).list().filter(\.isPresent).map(\.name)
    }
    lines += ["cache", "  \(places.cache)", "engine", "  \(places.engine)"]
    try StandardStreams.write(lines.map { $0 + "\n" }.joined())
  }

  /// `  system   /usr/share/walker/Annotations   listen-backlog, pipe-size`
  private func list(_ path: SearchPath, _ names: (String) throws -> [String]) throws -> [String] {
    var known: Set<String> = []
    let width = path.folders.map(\.path.count).max() ?? 0
    return try path.folders.map { folder in
      var words: [String] = []
      if isFolder(folder.path) {
        let found = try names(folder.path)
        let shown = found.map { known.contains($0) ? "\($0) (hidden by the one above)" : $0 }
        words.append(found.isEmpty ? "empty" : shown.joined(separator: ", "))
        known.formUnion(found)
      } else {
        words.append("not there")
      }
      if folder.path == path.home { words.append("new ones go here") }
      let origin = folder.origin.rawValue + String(repeating: " ", count: 10 - folder.origin.rawValue.count)
      let place = folder.path + String(repeating: " ", count: width - folder.path.count)
      return "  \(origin)\(place)  \(words.joined(separator: "; "))"
    }
  }
}
