internal import FoundationEssentials
internal import WalkerAnnotation
internal import WalkerDrift
internal import WalkerModel

/// A walkthrough and its lock against kernels, each walked by an engine of its own: what goes wrong with one kernel costs
/// that kernel its verdict, and the others go on.
struct Checking {
  let places: Places
  let name: String
  let file: String
  let walkthrough: Walkthrough
  let lock: Lock
  let configuration: String?
  let showsSource: Bool

  /// Throws `UserError` when there is no such walkthrough, or no lock to compare with.
  init(walkthrough name: String?, config: String?, showsSource: Bool, _ places: Places) throws {
    self.places = places
    self.showsSource = showsSource
    let folder = try places.annotations()
    self.name = try name ?? WalkSource.firstName(in: folder)
    file = folder.file(of: self.name)
    walkthrough = try folder.walkthrough(self.name)
    configuration = try KernelArguments.configuration(config)
    guard !walkthrough.annotations.isEmpty || !walkthrough.results.isEmpty else {
      throw UserError(
        "\(file) has neither annotations nor results: there is nothing to check", exitStatus: ExitStatus.unchecked)
    }
    let lockFile = LockFile(walkthrough: file)
    guard let lock = try lockFile.read(), !lock.baselines.isEmpty else {
      throw UserError(
        "there is no \(lockFile.path) to compare with: read the walkthrough in a kernel, then run `walker accept \(self.name) --kernel K --all --prose-still-true`",
        exitStatus: ExitStatus.unchecked)
    }
    self.lock = lock
  }

  /// Throws `UserError` when a name fits no kernel.
  func check(_ names: [String], isStrict: Bool, jobs: Int) async throws -> CheckReport {
    var kernels: [KernelReference] = []
    for name in names {
      for kernel in try await KernelChoice.all(name, places) where !kernels.contains(kernel) { kernels.append(kernel) }
    }
    let reports = await reports(kernels, jobs: jobs)
    return CheckReport(
      walkthrough: name, title: walkthrough.title, file: Self.relative(file), kernels: reports, isStrict: isStrict)
  }

  /// In the kernels' order, some at a time.
  private func reports(_ kernels: [KernelReference], jobs: Int) async -> [KernelReport] {
    let start = ContinuousClock.now
    let progress = Progress("checking \(kernels.count) kernels")
    defer { progress.finish() }
    var done: [Int: KernelReport] = [:]
    await withTaskGroup(of: (Int, KernelReport).self) { group in
      var waiting = Array(kernels.enumerated())[...]
      func startNext() {
        guard let (position, kernel) = waiting.popFirst() else { return }
        group.addTask { (position, await report(kernel)) }
      }
      for _ in 0..<max(jobs, 1) { startNext() }
      while let (position, report) = await group.next() {
        done[position] = report
        startNext()
        let left = (ContinuousClock.now - start) / done.count * (kernels.count - done.count)
        progress.say("checked \(done.count) of \(kernels.count) kernels, about \(left.components.seconds) s left")
      }
    }
    return kernels.indices.compactMap { done[$0] }
  }

  private func report(_ kernel: KernelReference) async -> KernelReport {
    do {
      var source = WalkSource(walkthrough: name, kernel: kernel, configuration: configuration, places)
      source.isQuiet = true
      var report = try await proved(try await compared(source), source)
      if showsSource { CodeReader(kernel: kernel, lock: lock, places: places).fill(&report) }
      return report
    } catch let error as UserError {
      return failed(kernel, error.message)
    } catch {
      return failed(kernel, "\(error)")
    }
  }

  /// The report, with all that it needs of the prover. Answers may lead to further questions.
  private func proved(_ comparison: Comparison, _ source: WalkSource) async throws -> KernelReport {
    var known: [MeaningQuestion: MeaningAnswer] = [:]
    while true {
      let (report, questions) = comparison.report(knowing: known, arguments: arguments(source.kernel))
      if questions.isEmpty { return report }
      for (question, answer) in zip(questions, try await source.compare(questions)) { known[question] = answer }
    }
  }

  /// What `walker accept` has to be told to look at the same kernel.
  private func arguments(_ kernel: KernelReference) -> String {
    let name =
      switch kernel.kind {
      case .set: kernel.name
      case .folder(let path), .archive(let path): Self.relative(path, whole: true)
      case .git(let repository, let revision): "git:\(Self.relative(repository, whole: true))@\(revision)"
      }
    let config = configuration.map { " --config \(quoted(Self.relative($0, whole: true)))" } ?? ""
    return "--kernel \(quoted(name))\(config)"
  }

  private func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "_-./@:+".contains($0) }
    return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }

  /// Where functions have other names than the walkthrough knows, they are looked for, and the kernel is walked again.
  private func compared(_ source: WalkSource) async throws -> Comparison {
    let (walk, walkthrough) = try await walk(source)
    let comparison = Comparison(walk, walkthrough, against: lock)
    let lost = comparison.lost
    guard !lost.isEmpty else { return comparison }
    let found = try await source.find(lost, known: comparison.knownFunctions)
    guard !found.isEmpty else { return comparison }
    let renamed = walkthrough.renaming(found)
    return Comparison(try await source.derive(renamed), renamed, against: lock, renames: found)
  }

  /// Where the followed parameter has another name, it is taken by its place.
  private func walk(_ source: WalkSource) async throws -> (Walk, Walkthrough) {
    do {
      return (try await source.walk(), walkthrough)
    } catch let error as UserError where error.exitStatus == ExitStatus.unchecked {
      // Under neither name: the first error says it of the name that the walkthrough gives.
      guard let other = walkthrough.tracking(as: lock), let walk = try? await source.derive(other) else { throw error }
      return (walk, other)
    }
  }

  private func failed(_ kernel: KernelReference, _ problem: String) -> KernelReport {
    .failed(
      kernel.name, problem, annotations: walkthrough.annotations.count, results: walkthrough.results.count)
  }

  /// From the working folder; of a file elsewhere its own folder and the one above.
  private static func relative(_ path: String, whole: Bool = false) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    if path.hasPrefix(here) { return (whole ? "./" : "") + path.dropFirst(here.count) }
    guard path.hasPrefix("/"), !whole else { return path }
    return path.split(separator: "/").suffix(3).joined(separator: "/")
  }
}
