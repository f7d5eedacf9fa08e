internal import WalkerKernel
internal import WalkerModel

/// Reads a kernel's source once and keeps what the walkthroughs need.
///
/// A walkthrough that does not fit the kernel (it has not that function, say) keeps no other one from being served.
struct Adding {
  let request: EngineRequest

  func add(_ walkthroughs: [Walkthrough], name: String, folder: String) throws -> EngineResponse {
    let recording = RecordingTree(try KernelSources.open(request.kernel, cache: request.cache))
    var misfits: [Misfit] = []
    for walkthrough in walkthroughs {
      do {
        let walk = try Walking(request: request, tree: recording).walk(walkthrough)
        walk.files.forEach(recording.note(read:))
      } catch let error as UserError {
        misfits.append(Misfit(walkthrough: walkthrough.name, why: error))
      }
    }
    if let first = misfits.first, misfits.count == walkthroughs.count {
      throw misfits.count == 1
        ? first.why
        : UserError(
          "none of the walkthroughs fits \(recording.base.source): \(first.walkthrough): \(first.why.message)",
          exitStatus: first.why.exitStatus)
    }
    let served = Set(walkthroughs.map(\.name)).subtracting(misfits.map(\.walkthrough))
    let provenance = try SnippetSet.write(
      recording, name: name, walkthroughs: served.sorted(),
      maker: Provenance.Maker(worker: "/proc/self/exe", walkthroughs: walkthroughs), to: folder)
    return .added(folder: folder, files: provenance.files.count, misfits: misfits)
  }
}
