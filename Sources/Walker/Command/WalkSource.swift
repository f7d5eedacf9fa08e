internal import FoundationEssentials
internal import WalkerAnnotation
internal import WalkerModel

/// From settings to a walk: out of the cache when it is there, else from the engine.
struct WalkSource {
  let places: Places
  /// The walkthrough's name; nil for the first one.
  let walkthrough: String?
  let kernel: KernelReference
  /// A `.config` file's absolute path.
  let configuration: String?

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

  func walk() async throws -> Walk {
    let folder = try places.annotations()
    let name = try walkthrough ?? Self.firstName(in: folder)
    let text = try folder.text(of: name)
    let key = try WalkCache.Key(
      walkthrough: folder.file(of: name), text: text, kernel: kernel, configuration: configuration,
      engine: places.engine)
    let cache = WalkCache(folder: places.cache + "/walks")
    if places.keepsWalks, let kept = cache.bytes(for: key),
      case .walk(let walk)? = try? JSONDecoder().decode(EngineResponse.self, from: kept)
    {
      return walk
    }
    let walkthrough = try WalkthroughReader.read(text, name: name, file: folder.file(of: name))
    let request = EngineRequest(
      operation: .walk(walkthrough), kernel: kernel, configuration: configuration, cache: places.cache)
    let answer = try await Engine(path: places.engine, timeout: places.timeout)
      .ask(request, task: "the walk \(name) through \(kernel.name)")
    guard case .walk(let walk) = answer.response else { throw unexpectedAnswer() }
    if places.keepsWalks { cache.keep(answer.bytes, files: walk.files, for: key) }
    return walk
  }

  static func firstName(in folder: AnnotationsFolder) throws -> String {
    guard let first = try folder.names().first else {
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
