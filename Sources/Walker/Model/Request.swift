/// What `walker` asks of `walker-engine`, as JSON on its standard input; the answer comes as JSON on its standard output.
public struct EngineRequest: Sendable, Codable {
  public enum Operation: Sendable, Codable {
    /// Follow the walkthrough through the kernel.
    case walk(Walkthrough)
    /// What an author can anchor to in a function.
    case anchors(function: String, Walkthrough?)
    /// Under which names functions are found that a kernel does not have under those that are known.
    case find([LostFunction], known: [String])
    /// Read the kernel's source once, keep what these walkthroughs need in `folder`.
    case add([Walkthrough], name: String, folder: String)
    /// Write the headers that a build would generate to `folder`.
    case environment(folder: String)
    /// What the kernel says of these sysctls, by full name or by its last part.
    case sysctls([String])
    /// Which of these pairs are the same, by proof.
    case compare([MeaningQuestion])
  }

  public let operation: Operation
  public let kernel: KernelReference
  /// A `.config` to use instead of the default configuration.
  public let configuration: String?
  /// Where the engine may keep what can be made again.
  public let cache: String
  /// A folder of known walks: one of them that is also this kernel's is the answer to `walk`.
  public let knownWalks: String?
  /// A walk is to have its fingerprints, since it will be compared.
  public let isCompared: Bool

  public init(
    operation: Operation, kernel: KernelReference, configuration: String?, cache: String, knownWalks: String? = nil,
    isCompared: Bool = true
  ) {
    self.operation = operation
    self.kernel = kernel
    self.configuration = configuration
    self.cache = cache
    self.knownWalks = knownWalks
    self.isCompared = isCompared
  }
}

/// A kernel as `--kernel` names it, resolved: what it is, not yet read.
public struct KernelReference: Sendable, Codable, Hashable {
  public enum Kind: Sendable, Codable, Hashable {
    /// A snippet set's folder.
    case set(String)
    case folder(String)
    /// A `.tar.{gz,xz,zst}` or `.deb` on disk.
    case archive(String)
    case git(repository: String, revision: String)
  }

  /// For people: `6.12`, the folder's name, `v6.12`.
  public let name: String
  public let kind: Kind
  /// Where it came from, for `KernelIdentity.source`.
  public let source: String

  public init(name: String, kind: Kind, source: String) {
    self.name = name
    self.kind = kind
    self.source = source
  }
}

/// A walkthrough that could not be followed through a kernel, and why.
public struct Misfit: Sendable, Codable, Hashable {
  public let walkthrough: String
  public let why: UserError

  public init(walkthrough: String, why: UserError) {
    self.walkthrough = walkthrough
    self.why = why
  }
}

public enum EngineResponse: Sendable, Codable {
  /// What the walk rests on is nil when the kernel's text changed meanwhile: then the walk is not to be kept.
  case walk(Walk, restingOn: WalkBasis?)
  case anchors([AnchorSite])
  /// New names by the old ones.
  case found([String: String])
  /// The folder that was made, how many files it holds, and the walkthroughs that do not fit the kernel: nothing is kept for them
  /// but what says so.
  case added(folder: String, files: Int, misfits: [Misfit])
  /// The compiler's arguments.
  case environment([String])
  case sysctls([SysctlReport], missing: [MissingSysctl])
  /// In the order of the questions.
  case compared([MeaningAnswer])
  case failed(UserError)
}
