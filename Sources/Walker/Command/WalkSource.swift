internal import FoundationEssentials
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel

/// From settings to a walk: out of the cache when it is there, else from the engine.
struct WalkSource {
  let places: Places
  /// The walkthrough's name; nil for the first one.
  let walkthrough: String?
  let kernel: KernelReference
  /// A `.config` file's absolute path.
  let configuration: String?
  /// Somebody else tells of the progress.
  var isQuiet = false
  /// Whether the walk will be compared with what was accepted, for which its fingerprints are needed.
  var isCompared = true

  /// A kernel that is resolved already.
  init(places: Places, walkthrough: String?, kernel: KernelReference, configuration: String?) {
    self.places = places
    self.walkthrough = walkthrough
    self.kernel = kernel
    self.configuration = configuration
  }

  /// - Throws: `UserError` for everything that keeps the walk from being made.
  init(_ arguments: WalkArguments, _ places: Places) async throws {
    self.places = places
    walkthrough = arguments.walkthrough
    kernel = try await KernelChoice.resolve(arguments.kernel.kernel, places)
    configuration = try arguments.kernel.configuration()
  }

  /// - Throws: `UserError` when there is no such kernel or configuration.
  init(walkthrough: String?, kernel: String?, config: String?, _ places: Places) async throws {
    self.places = places
    self.walkthrough = walkthrough
    self.kernel = try await KernelChoice.resolve(kernel, places)
    configuration = try KernelArguments.configuration(config)
  }

  init(walkthrough: String?, kernel: KernelReference, configuration: String?, _ places: Places) {
    self.places = places
    self.walkthrough = walkthrough
    self.kernel = kernel
    self.configuration = configuration
  }

  /// The walks through several kernels, in their order; without a kernel, through the newest that was added. Throws
  /// `UserError` for the first that can't be made.
  static func walks(walkthrough: String?, kernels: [String], config: String?, _ places: Places) async throws -> [Walk] {
    try await attempts(walkthrough: walkthrough, kernels: kernels, config: config, places).map { try $0.get() }
  }

  /// As `walks`, but goes on past a kernel that can't be walked and says why. Throws `UserError` when none can.
  static func walksAtHand(
    walkthrough: String?, kernels: [String], config: String?, _ places: Places
  ) async throws -> (walks: [Walk], isComplete: Bool) {
    let attempts = try await attempts(walkthrough: walkthrough, kernels: kernels, config: config, places)
    // Those that failed are told below.
    let made = attempts.compactMap { try? $0.get() }
    if made.isEmpty, let first = attempts.first { _ = try first.get() }
    for case .failure(let error as UserError) in attempts { StandardStreams.complain(error.message) }
    return (made, made.count == attempts.count)
  }

  private static func attempts(
    walkthrough: String?, kernels: [String], config: String?, _ places: Places
  ) async throws -> [Result<Walk, any Error>] {
    let configuration = try KernelArguments.configuration(config)
    let references = try await KernelChoice.resolve(all: kernels, places)
    return await each(of: references) { kernel in
      try await WalkSource(walkthrough: walkthrough, kernel: kernel, configuration: configuration, places).shown()
    }
  }

  /// As many at once as the machine has cores, answered in the order of `kernels`.
  static func each<Answer: Sendable>(
    of kernels: [KernelReference], _ body: @escaping @Sendable (KernelReference) async throws -> Answer
  ) async -> [Result<Answer, any Error>] {
    await withTaskGroup(of: (Int, Result<Answer, any Error>).self) { group in
      var answers = [Result<Answer, any Error>?](repeating: nil, count: kernels.count)
      var next = 0
      func start() {
        guard next < kernels.count else { return }
        let (index, kernel) = (next, kernels[next])
        next += 1
        group.addTask {
          do { return (index, .success(try await body(kernel))) } catch { return (index, .failure(error)) }
        }
      }
      for _ in 0..<max(1, ProcessInfo.processInfo.activeProcessorCount) { start() }
      while let (index, answer) = await group.next() {
        answers[index] = answer
        start()
      }
      return answers.compactMap(\.self)
    }
  }

  /// The walk to be shown: without what only a check reads.
  func shown() async throws -> Walk {
    var source = self
    source.isCompared = false
    return try await source.walk()
  }

  func walk() async throws -> Walk {
    let folder = try places.annotations()
    let name = try walkthrough ?? Self.firstName(in: folder)
    let text = try folder.text(of: name)
    let derive: (String?) async throws -> (Walk, WalkBasis?) = { known in
      var walkthrough = try WalkthroughReader.read(text, name: name, file: folder.file(of: name))
      // What a real kernel is asked is no part of a walk.
      walkthrough.probes = nil
      let answer = try await ask(.walk(walkthrough), task: "the walk \(name) through \(kernel.name)", knownWalks: known)
      guard case .walk(let walk, let basis) = answer.response else { throw unexpectedAnswer() }
      return (walk, basis)
    }
    guard places.keepsWalks else {
      var walk = try await derive(nil).0
      try complete(&walk, text, file: folder.file(of: name))
      return walk
    }
    let cache = try WalkCache(
      cache: places.cache, engine: places.engine, walkthrough: folder.file(of: name), text: text, kernel: kernel,
      configuration: configuration, readsFingerprints: isCompared)
    var walk = try await cache.walk { try await derive(cache.store.folder) }
    try complete(&walk, text, file: folder.file(of: name))
    return walk
  }

  /// With what is said of the walk, and is no part of it.
  private func complete(_ walk: inout Walk, _ text: String, file: String) throws {
    walk.answer = try WalkthroughReader.answer(text, file: file)
    let version = walk.kernel.version
    walk.agreements = AgreementReader.read(beside: file).filter { $0.version == version }
  }

  /// A walk that is not kept.
  func derive(_ walkthrough: Walkthrough) async throws -> Walk {
    let answer = try await ask(.walk(walkthrough), task: "the walk \(walkthrough.name) through \(kernel.name)")
    guard case .walk(let walk, _) = answer.response else { throw unexpectedAnswer() }
    return walk
  }

  func find(_ lost: [LostFunction], known: [String]) async throws -> [String: String] {
    let answer = try await ask(
      .find(lost, known: known), task: "the functions of \(walkthrough ?? "the walkthrough") in \(kernel.name)")
    guard case .found(let names) = answer.response else { throw unexpectedAnswer() }
    return names
  }

  /// What the prover says of each pair.
  func compare(_ questions: [MeaningQuestion]) async throws -> [MeaningAnswer] {
    let answer = try await ask(.compare(questions), task: "the proofs of what is the same in \(kernel.name)")
    guard case .compared(let answers) = answer.response, answers.count == questions.count else {
      throw unexpectedAnswer()
    }
    return answers
  }

  private func ask(
    _ operation: EngineRequest.Operation, task: String, knownWalks: String? = nil
  ) async throws -> Engine.Answer {
    let request = EngineRequest(
      operation: operation, kernel: kernel, configuration: configuration, cache: places.cache, knownWalks: knownWalks,
      isCompared: isCompared)
    return try await Engine(path: places.engine, bounds: places.bounds, isQuiet: isQuiet).ask(request, task: task)
  }

  static func firstName(in folder: AnnotationsFolder) throws -> String {
    guard let first = try folder.firstName() else {
      throw UserError(
        "there is no walkthrough in \(folder.path): name another folder with --annotations",
        exitStatus: ExitStatus.unchecked)
    }
    return first
  }
}

func unexpectedAnswer() -> UserError {
  UserError("walker-engine answered something else than was asked: build or install walker again")
}
