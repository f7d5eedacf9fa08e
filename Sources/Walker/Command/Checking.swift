internal import WalkerAnnotation
internal import WalkerDrift
internal import WalkerModel

/// A walkthrough and its lock against kernels, each walked by an engine of its own: what goes wrong with one kernel costs
/// that kernel its verdict, and the others go on.
struct Checking {
  let places: Places
  let name: String
  let walkthrough: Walkthrough
  let lock: Lock
  let configuration: String?

  /// Throws `UserError` when there is no such walkthrough, or no lock to compare with.
  init(walkthrough name: String?, config: String?, _ places: Places) throws {
    self.places = places
    let folder = try places.annotations()
    self.name = try name ?? WalkSource.firstName(in: folder)
    walkthrough = try folder.walkthrough(self.name)
    configuration = try KernelArguments.configuration(config)
    let file = LockFile(walkthrough: folder.file(of: self.name))
    guard let lock = try file.read(), !lock.baselines.isEmpty else {
      throw UserError(
        "there is no \(file.path) to compare with: read the walkthrough in a kernel, then run `walker accept \(self.name) --kernel K --all --prose-still-true`",
        exitStatus: ExitStatus.unchecked)
    }
    self.lock = lock
  }

  /// Throws `UserError` when a name fits no kernel.
  func check(_ names: [String], isStrict: Bool) async throws -> CheckReport {
    var kernels: [KernelReference] = []
    for name in names { kernels += try await KernelChoice.all(name, places) }
    var reports: [KernelReport] = []
    for kernel in kernels { reports.append(await report(kernel)) }
    return CheckReport(walkthrough: name, title: walkthrough.title, kernels: reports, isStrict: isStrict)
  }

  private func report(_ kernel: KernelReference) async -> KernelReport {
    do {
      let source = WalkSource(walkthrough: name, kernel: kernel, configuration: configuration, places)
      let walk = try await source.walk()
      return Comparison(walk, walkthrough, against: lock).report()
    } catch let error as UserError {
      return .failed(
        kernel.name, error.message, annotations: walkthrough.annotations.count, results: walkthrough.results.count)
    } catch {
      return .failed(
        kernel.name, "\(error)", annotations: walkthrough.annotations.count, results: walkthrough.results.count)
    }
  }
}
