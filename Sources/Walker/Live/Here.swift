internal import WalkerModel

/// The kernel that runs here, asked over loopback by a child process.
public struct Here: Sendable {
  let launcher: String
  let seconds: Int

  public init(launcher: String, seconds: Int) {
    self.launcher = launcher
    self.seconds = seconds
  }

  public struct Access: Sendable, Hashable {
    /// Knobs can be changed, in a namespace that is gone with the process that asks.
    public let hasNamespace: Bool
    /// Why not.
    public let why: String?
  }

  /// Whether this system gives the caller a user and network namespace.
  public func access() async -> Access {
    let transcript = await answers("", inNamespace: true)
    if let failure = transcript.failure { return Access(hasNamespace: false, why: failure) }
    let given = AnswersByQuestion(transcript.answers)
    guard let error = given.namespaceError else { return Access(hasNamespace: given.kernel != nil, why: nil) }
    return Access(hasNamespace: false, why: Reading.reason("namespace", error))
  }

  public func answers(_ questions: String, inNamespace: Bool) async -> GuestRun.Transcript {
    let mode = inNamespace ? ["namespace"] : []
    return await GuestRun(launcher: launcher, seconds: seconds).run(
      [launcher, "answer", "\(seconds)", "/dev/fd/9"] + mode, given: Array(questions.utf8), subject: "the helper")
  }
}
