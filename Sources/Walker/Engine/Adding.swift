internal import WalkerKernel
internal import WalkerModel

/// Reads a kernel's source once and keeps what the walkthroughs need.
struct Adding {
  let request: EngineRequest

  func add(_ walkthroughs: [Walkthrough], name: String, folder: String) throws -> EngineResponse {
    let recording = RecordingTree(try KernelSources.open(request.kernel, cache: request.cache))
    for walkthrough in walkthroughs {
      let walk = try Walking(request: request, tree: recording).walk(walkthrough)
      walk.files.forEach(recording.note(read:))
    }
    let provenance = try SnippetSet.write(
      recording, name: name, walkthroughs: walkthroughs.map(\.name),
      maker: Provenance.Maker(worker: "/proc/self/exe", walkthroughs: walkthroughs), to: folder)
    return .added(folder: folder, files: provenance.files.count)
  }
}
