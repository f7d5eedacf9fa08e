internal import FoundationEssentials
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel
internal import WalkerRender

/// `walker export --all`: a folder of pages with an index, ready to be served as it is.
struct GalleryExport {
  let places: Places
  let kernels: [String]
  let configuration: String?
  let options: ExportOptions
  let folder: String
  let replaces: Bool

  /// Throws `UserError` when a file is there that is not to be replaced, or nothing could be walked. The walks that were made.
  func write() async throws -> (walks: [Walk], isComplete: Bool) {
    let annotations = try places.annotations()
    let names = try annotations.names()
    guard !names.isEmpty else {
      _ = try WalkSource.firstName(in: annotations)
      return ([], false)
    }
    try makeFolder()
    // Before an hour of walking, not after it.
    let files = try (["index"] + names).map { try OutputFile("\(folder)/\($0).html", replaces: replaces) }
    let kernels = try kernels.isEmpty ? present() : kernels
    var all: [[Walk]] = []
    var isComplete = true
    for (name, file) in zip(names, files.dropFirst()) {
      do {
        let made = try await WalkSource.walksAtHand(
          walkthrough: name, kernels: kernels, config: configuration, places)
        if !made.isComplete { isComplete = false }
        try file.write(WalkPage.render(made.walks, options))
        all.append(made.walks)
      } catch let error as UserError {
        StandardStreams.complain("\(name): \(error.message)")
        isComplete = false
      }
    }
    guard !all.isEmpty else {
      throw UserError(
        "no walkthrough could be walked, so there is nothing to show: see above", exitStatus: ExitStatus.unchecked)
    }
    try files[0].write(GalleryPage.render(all))
    return (all.flatMap(\.self), isComplete)
  }

  private func present() throws -> [String] {
    let names = try places.catalog().list().filter { $0.isPresent && $0.problem == nil }.map(\.name)
    // The newest is told, the others are compared with it.
    return names.reversed()
  }

  private func makeFolder() throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw UserError("the folder \(folder) cannot be made: name another one with -o")
    }
  }
}
